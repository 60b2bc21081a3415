import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pngSize } from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import type { Frame } from "../support/chromium.ts";
import { CustomerClient, fingerprintAt, redeemAtPortal } from "../support/customer-client.ts";
import { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { encodePng } from "../support/png.ts";
import { poll } from "../support/poll.ts";
import { copyOn, pasteOn } from "../support/xclip.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// The console in a real VS Code and the real client on a real desktop, told in order: each test goes
// on where the one before it stopped.
const resources = new AsyncDisposableStack();
let vscode: Workbench;
let desktop: Desktop;
let window: CustomerWindow;
let pane: Frame;
const image = encodePng({ width: 320, height: 200, data: randomBytes(320 * 200 * 4) });

beforeAll(async () => {
  const [appliance, screen] = await Promise.all([
    Appliance.start(),
    Desktop.start({ width: 1024, height: 768 }),
  ]);
  resources.use(appliance);
  desktop = resources.use(screen);
  await appliance.setUp();
  const ann = resources.use(await Representative.start(appliance));
  vscode = ann.vscode;
  const key = (await ann.createKey()).replace(" ", "");
  const fingerprint = await fingerprintAt(appliance.port);
  const ticket = await redeemAtPortal(appliance, key);
  const join = { site: appliance.url, fingerprint, ticket, language: "en" as const };
  // The message goes by itself, perhaps before the client says that it has started.
  const [client] = await Promise.all([
    CustomerClient.start(desktop, join),
    vscode.answerNotification(/waiting/, "Accept"),
  ]);
  resources.use(client);
  window = await CustomerWindow.shown(desktop);
  pane = await vscode.webview(".session");
  const live = pane.locator('.stage[data-situation="live"]');
  await window.allow("the screen is seen", async () => (await live.count()) > 0);
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("clipboard-failed");
});

/** Chooses from the menu of the session's tools. */
async function choose(label: string): Promise<void> {
  await pane.getByRole("button", { name: "More actions" }).click();
  await pane.getByRole("menuitem", { name: label }).click();
}

function copyHere(text: string): Promise<void> {
  return vscode.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
}

function pasteHere(): Promise<string> {
  return vscode.page.evaluate(() => navigator.clipboard.readText());
}

/** The PNG image on the representative's clipboard. */
async function imageHere(): Promise<Buffer | undefined> {
  const base64 = await vscode.page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    if (!item?.types.includes("image/png")) return "";
    const bytes = new Uint8Array(await (await item.getType("image/png")).arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
  });
  return base64 === "" ? undefined : Buffer.from(base64, "base64");
}

async function customerHas(text: string): Promise<boolean> {
  return (await pasteOn(desktop)).toString("utf8") === text;
}

it("sends text by its shortcut once the customer agrees", async () => {
  const text = "Zoë 世界 👩‍🔧\nline two";
  await copyHere(text);
  await vscode
    .tab(/root|Customer|@|\w/)
    .first()
    .click();
  await pane.locator(".hint").click();
  await vscode.page.keyboard.press("Control+Alt+h");
  await vscode.page.keyboard.press("y");
  await window.allow("the text is on the customer's clipboard", () =>
    customerHas(text).catch(() => false),
  );
  await vscode.statusBarItem("Sent to the customer's clipboard: text").waitFor();
  await desktop.screenshot(await artifact("clipboard-1-customer.png"));
  await vscode.screenshot("clipboard-2-sent");
});

it("gets what the customer has copied, without what a terminal would obey", async () => {
  await copyOn(desktop, "echo déjà\u001b[201~ vu");
  await choose("Get the customer's clipboard");
  await window.allow("the text is here", async () => (await pasteHere()) === "echo déjà[201~ vu");
});

it("gets an image", async () => {
  await copyOn(desktop, image, "image/png");
  await choose("Get the customer's clipboard");
  const copy = pane.getByText("Copy image");
  const got = await poll("the image is here", async () => {
    if ((await copy.count()) > 0) await copy.click();
    return imageHere();
  });
  expect(pngSize(got)).toEqual({ width: 320, height: 200 });
});

it("sends an image, by the menu and by pasting it into the tab", async () => {
  for (const how of ["menu", "paste"]) {
    await copyOn(desktop, `before ${how}`);
    if (how === "menu") await choose("Send clipboard to the customer");
    else await pane.locator("body").press("Control+v");
    // What copied before answers to any name.
    const size = await poll(`the image has come by ${how}`, async () =>
      pngSize(await pasteOn(desktop, "image/png")),
    );
    expect(size).toEqual({ width: 320, height: 200 });
  }
  await vscode.screenshot("clipboard-3-image");
});

it("lets copies follow both ways where the setting says so", async () => {
  const file = path.join(vscode.server.userData, "User/settings.json");
  const settings = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  await copyHere("follows to the customer");
  await writeFile(file, JSON.stringify({ ...settings, "handrail.clipboard.mode": "automatic" }));
  // Read when the window is loaded; the tab comes back with it.
  await vscode.reload();
  await poll("it follows", () => customerHas("follows to the customer").catch(() => false));
  // What is copied before the customer's client has heard that it is followed does not follow.
  await poll("it follows back", async () => {
    await copyOn(desktop, "follows to the representative");
    const isHere = async () => (await pasteHere()) === "follows to the representative";
    return poll("it is here", isHere, 3_000);
  });
  await desktop.screenshot(await artifact("clipboard-4-customer.png"));
  pane = await vscode.webview(".session");
  await pane.getByRole("tab", { name: "Events" }).click();
  await pane.getByText("Got from the clipboard").first().waitFor();
  await vscode.screenshot("clipboard-5-events");
});
