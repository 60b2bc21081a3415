import { artifact } from "../support/artifacts.ts";
import type { Page } from "../support/chromium.ts";

/** Leaves a picture of a page of /login, by its name in media/pictures. */
export async function shoot(page: Page, name: string): Promise<void> {
  const file = await artifact(`login-${name}.png`);
  await page.screenshot({ path: file, animations: "disabled" });
}

/** What administrators see of the appliance itself; `open` leads to a page of the menu. */
export async function shootAppliance(
  page: Page,
  open: (name: string) => Promise<void>,
): Promise<void> {
  await open("Health");
  await page.getByRole("meter", { name: "Memory" }).waitFor();
  await shoot(page, "health");
  await open("Backups");
  await page.getByLabel("How often").selectOption("weekly");
  // Above it is the name of a folder of this machine.
  await page
    .getByRole("region", { name: "Automatic backups" })
    .evaluate((part) => part.scrollIntoView());
  await shoot(page, "backups");
  await open("Certificate and TLS");
  await page.getByText("itself: browsers warn").waitFor();
  await shoot(page, "certificate");
  await open("Mail");
  await page.getByLabel("How mail is sent").selectOption("STARTTLS, required (recommended)");
  await page.getByLabel("Host name or address").fill("mail.example.org");
  await page.getByLabel("Sender’s address").fill("support@example.org");
  await page.evaluate(() => scrollTo(0, 0));
  await shoot(page, "mail");
  await page.getByRole("button", { name: /^Account of / }).click();
  await page.getByRole("menuitem", { name: "Your account" }).click();
  await page.getByRole("button", { name: "Set up a second factor" }).waitFor();
  await shoot(page, "second-factor");
}
