import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { toPage } from "../demo/remote-canvas.ts";
import { Appliance } from "../support/appliance.ts";
import type { Frame } from "../support/chromium.ts";
import { type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { CustomerScreen } from "./customer-screen.ts";
import { Representative } from "./representative.ts";

// Two sessions in one VS Code, beside each other. Told in order: each test goes on where the one
// before it stopped.
const otherCustomer = { ...sampleCustomer, name: "Dario", computer: "dario-pc" };
const otherColors = [0x111111, 0xeeeeee, 0x8e44ad, 0x16a085];
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let representative: Representative;
let carla: Side;
let dario: Side;

/** One of the two sessions. */
interface Side {
  readonly customer: CustomerEnd;
  readonly screen: CustomerScreen;
  readonly pane: Frame;
}

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  representative = resources.use(await Representative.start(appliance));
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await representative.vscode.screenshot("side-by-side-failed");
});

it("shows two sessions beside each other, each with its own screen", async () => {
  const { vscode } = representative;
  carla = await begin(sampleCustomer, CustomerScreen.colors);
  dario = await begin(otherCustomer, otherColors);
  await vscode.runCommand("View: Move Editor into Right Group");
  for (const side of [carla, dario]) {
    await seesPicture(side);
    await side.pane.locator(".toolbar button.wide[aria-pressed]").click();
    await poll("the customer was asked", () => side.customer.asked.includes("control"));
    await side.pane.locator('.toolbar button.wide[aria-pressed="true"]').waitFor();
  }
  await vscode.screenshot("side-by-side-1");
});

it("sends clicks and keys to the computer they are meant for, and to no other", async () => {
  await clickAndType(carla, "a");
  await clickAndType(dario, "b");
  await clickAndType(carla, "c");
  await poll("all keys arrive", () => [...carla.screen.keysyms, ...dario.screen.keysyms][2]);
  expect(carla.screen.keysyms).toEqual([0x61, 0x63]);
  expect(dario.screen.keysyms).toEqual([0x62]);
  expect(presses(carla)).toBe(2);
  expect(presses(dario)).toBe(1);
});

it("lets go on one computer of what is held when the other one is clicked", async () => {
  const { page } = representative.vscode;
  await click(carla);
  await page.keyboard.down("Shift");
  await poll("Shift arrives", () => carla.screen.keysyms.includes(0xffe1));
  await click(dario);
  await poll("everything goes up", () =>
    carla.screen.input.some(({ type }) => type === "releaseAll"),
  );
  // It is held, and so the click on the other computer was one with Shift.
  await poll("Shift arrives there", () => dario.screen.keysyms.includes(0xffe1));
  await page.keyboard.up("Shift");
  await poll("and goes up there", () =>
    dario.screen.input.some((each) => each.type === "key" && !each.down && each.keysym === 0xffe1),
  );
});

it("keeps what is typed into a chat or an editor from both computers", async () => {
  const { vscode } = representative;
  const before = carla.screen.keysyms.length + dario.screen.keysyms.length;
  await dario.pane.locator('textarea[aria-label="Write a message"]').click();
  await vscode.page.keyboard.type("for Dario alone");
  await vscode.page.keyboard.press("Enter");
  await dario.customer.hears("chat.message", ({ text }) => text === "for Dario alone");
  // A new file comes into the group that is active.
  const active = vscode.page.locator(".editor-group-container.active .tab.active");
  await vscode.tab(otherCustomer.name).click();
  await active.filter({ hasText: otherCustomer.name }).waitFor();
  await vscode.runCommand("File: New Untitled Text File");
  await vscode.page.keyboard.type("a note of mine");
  await vscode.editorLine("a note of mine").waitFor();
  expect(carla.customer.all("chat.message")).toEqual([]);
  expect(carla.screen.keysyms.length + dario.screen.keysyms.length).toBe(before);
});

it("pauses only the picture that is hidden, and has it again when it is shown", async () => {
  const { vscode } = representative;
  // The note lies over Dario's session, in the group on the right.
  await poll("nobody watches Dario", () => !dario.screen.isWatched);
  expect(carla.screen.isWatched).toBe(true);
  await vscode.tab(otherCustomer.name).click();
  await seesPicture(dario);
  await clickAndType(dario, "d");
  await poll("the key arrives", () => dario.screen.keysyms.at(-1) === 0x64);
});

it("asks before signing out of running sessions, and leaves them at once", async () => {
  const { vscode } = representative;
  // The keyboard is Dario's until it is taken back.
  for (const key of ["Control", "Alt", "Shift"]) await vscode.page.keyboard.down(key);
  for (const key of ["Shift", "Alt", "Control"]) await vscode.page.keyboard.up(key);
  await vscode.runCommand("Handrail: Sign Out");
  await vscode.dialog("2").waitFor();
  await vscode.screenshot("side-by-side-2-sign-out");
  await vscode.answerDialog("2", "Cancel");
  expect(carla.screen.isWatched).toBe(true);
  await vscode.runCommand("Handrail: Sign Out");
  await vscode.answerDialog("2", "Sign Out");
  await vscode.statusBarItem("Handrail: sign in").waitFor();
  for (const { customer, screen, pane } of [carla, dario]) {
    await customer.hears(
      "session.changed",
      ({ state, representatives }) => state === "waiting" && representatives.length === 0,
    );
    expect(screen.isWatched).toBe(false);
    await pane.locator('[data-situation="signed-out"]').waitFor();
  }
  await vscode.screenshot("side-by-side-3-signed-out");
});

async function begin(facts: typeof sampleCustomer, colors: readonly number[]): Promise<Side> {
  const customer = resources.use(await representative.begin(facts));
  const screen = new CustomerScreen(customer, colors);
  await screen.show();
  return { customer, screen, pane: await representative.pane(facts.name) };
}

function seesPicture({ screen, pane }: Side): Promise<void> {
  return screen.seenIn(pane);
}

async function click({ pane }: Side): Promise<void> {
  const at = await toPage(pane, { x: 100, y: 100 });
  await representative.vscode.page.mouse.click(at.x, at.y);
  await pane.locator('.screen[data-grabbed="true"]').waitFor();
}

async function clickAndType(side: Side, key: string): Promise<void> {
  await click(side);
  await representative.vscode.page.keyboard.press(key);
}

function presses({ screen }: Side): number {
  return screen.input.filter((each) => each.type === "button" && each.down).length;
}
