import { administrator, Appliance } from "../support/appliance.ts";
import { type Browser, type ContextOptions, openContext, type Page } from "../support/chromium.ts";

/** What the site is called, and no customer's client: packing it takes a processor for seconds. */
export const siteEnv = {
  HANDRAIL_SITE_NAME: "Example Support",
  HANDRAIL_CLIENT_DIRECTORY: "/nonexistent",
};

/** A window at /login, with everything that its console complains about. */
export async function openLogin(
  browser: Browser,
  appliance: Pick<Appliance, "url">,
  where = "",
  options: ContextOptions = {},
) {
  const context = await openContext(browser, options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // Refused requests are answers like any other; the page says what they mean.
    const isRefusal = message.text().includes("the server responded with a status of 4");
    if (message.type() === "error" && !isRefusal) complaints.push(message.text());
  });
  await page.goto(`${appliance.url}/login${where}`);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Fills the page for signing in. */
export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A site that is set up, and its administrator at a page of /login. `env` adds to its settings. */
export async function administration(
  browser: Browser,
  where = "",
  { env, ...options }: ContextOptions & { readonly env?: NodeJS.ProcessEnv } = {},
) {
  await using stack = new AsyncDisposableStack();
  const appliance = stack.use(await Appliance.start({ env: { ...siteEnv, ...env } }));
  await appliance.setUp();
  const opened = stack.use(await openLogin(browser, appliance, where, options));
  await signIn(opened.page, administrator.name, administrator.password);
  const account = `Account of ${administrator.displayName}`;
  await opened.page.getByRole("button", { name: account }).waitFor();
  const moved = stack.move();
  return { ...opened, appliance, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** Adds a representative with the password "a long and safe word". */
export async function addRepresentative(
  page: Page,
  name: string,
  displayName: string,
): Promise<void> {
  await page.getByRole("button", { name: "Add representative" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name for signing in").fill(name);
  await dialog.getByLabel("Name that others see").fill(displayName);
  await dialog.getByRole("textbox", { name: "Password" }).fill("a long and safe word");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
}
