import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { toPage } from "../demo/remote-canvas.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import type { Frame } from "../support/chromium.ts";
import { type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { CustomerScreen } from "./customer-screen.ts";
import { Representative } from "./representative.ts";

// Two representatives, each in a VS Code of their own, and one customer. Told in order: each test
// goes on where the one before it stopped.
const ben = { name: "ben", displayName: "Ben Baker", password: "wrong horse battery staple" };
const both = [administrator.displayName, ben.displayName];
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let admin: Admin;
let anns: Representative;
let bens: Representative;
let customer: CustomerEnd;
let screen: CustomerScreen;
let annsPane: Frame;
let bensPane: Frame;

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  admin = new Admin(appliance);
  await admin.signIn();
  await admin.write("representatives", ben);
  const starting = [administrator.name, ben.name].map(async (name) =>
    resources.use(await Representative.start(appliance, name)),
  );
  const [first, second] = await Promise.all(starting);
  if (!first || !second) throw new Error("two were started");
  [anns, bens] = [first, second];
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  await anns.vscode.screenshot("colleagues-failed-ann");
  await bens.vscode.screenshot("colleagues-failed-ben");
});

it("asks a colleague in, who is told, opens the session, and sees the same picture", async () => {
  customer = resources.use(await anns.begin(sampleCustomer));
  screen = new CustomerScreen(customer);
  await screen.show();
  annsPane = await anns.pane(sampleCustomer.name);
  await shareWithBen("Takes part");
  const invitation = `${administrator.displayName} asks you into the session`;
  await bens.vscode.notification(invitation).waitFor();
  await customerSees({ representatives: [administrator.displayName] });
  await bens.vscode.answerNotification(invitation, "Join");
  await customerSees({ representatives: both });
  bensPane = await bens.pane(sampleCustomer.name);
  for (const pane of [annsPane, bensPane]) await seesPicture(pane);
  await bens.vscode.screenshot("colleagues-1-shared");
});

it("shows everybody who has mouse and keyboard", async () => {
  await controlButton(annsPane).click();
  await whoControls(annsPane, "You have mouse and keyboard");
  await whoControls(bensPane, `${administrator.displayName} has mouse and keyboard`);
  await customerSees({ representatives: both, controller: administrator.displayName });
  await clickAndType(anns, annsPane, "a");
  await poll("the key arrives", () => screen.keysyms.includes(0x61));
});

it("shows each where the other points, and lets a colleague draw on the customer's screen", async () => {
  await bens.vscode.tab(sampleCustomer.name).click();
  await bensPane.getByRole("button", { name: "Draw on the customer's screen" }).click();
  await bensPane.locator(".palette").waitFor();
  await bensPane.getByRole("button", { name: "Ring" }).click();
  const [from, to] = [
    { x: 200, y: 80 },
    { x: 420, y: 240 },
  ];
  const { mouse } = bens.vscode.page;
  await moveTo(bensPane, mouse, from);
  await mouse.down();
  await moveTo(bensPane, mouse, to);
  await annsPane.locator(".screen-colleague").getByText(ben.displayName).waitFor();
  await mouse.up();
  await poll("the ring arrives at the customer's computer", () => {
    const [begun] = screen.drawn;
    const last = screen.drawn.at(-1);
    expect(begun).toEqual({ type: "begin", shape: "ring", colour: 1, ...from });
    expect(last).toEqual({ type: "to", points: [to] });
    return true;
  });
  await anns.vscode.screenshot("colleagues-2-points");
  await bens.vscode.screenshot("colleagues-2-draws");
  await bens.vscode.runCommand("Handrail: Clear What You Have Drawn");
  await poll("it is cleared", () => screen.drawn.at(-1)?.type === "clear");
  await bens.vscode.runCommand("Handrail: Draw on the Customer's Screen");
  await bensPane.locator(".palette").waitFor({ state: "hidden" });
});

it("hands mouse and keyboard over to a colleague who asks for them, or keeps them", async () => {
  await controlButton(bensPane).click();
  await bensPane.locator(".banner vscode-button", { hasText: "Ask first" }).click();
  await anns.vscode.answerNotification(`${ben.displayName} asks you for mouse`, "Refuse");
  await bens.vscode.notification("has not handed over mouse and keyboard").waitFor();
  await controlButton(bensPane).click();
  await bensPane.locator(".banner vscode-button", { hasText: "Ask first" }).click();
  await anns.vscode.notification(`${ben.displayName} asks you for mouse`).waitFor();
  const asked = anns.vscode.page.getByRole("treeitem", { name: "asks you for mouse" });
  await asked.waitFor();
  await anns.vscode.screenshot("colleagues-2-asked");
  await anns.vscode.answerNotification(`${ben.displayName} asks you for mouse`, "Hand Over");
  await asked.waitFor({ state: "detached" });
  await whoControls(bensPane, "You have mouse and keyboard");
  await controlButton(bensPane).click();
  await whoControls(bensPane, "Nobody controls");
  await controlButton(annsPane).click();
  await whoControls(annsPane, "You have mouse and keyboard");
});

it("lets a colleague take mouse and keyboard over in the pane, knowingly", async () => {
  await controlButton(bensPane).click();
  const banner = bensPane.locator(".banners .banner");
  await banner.waitFor();
  await bens.vscode.screenshot("colleagues-2-held");
  await banner.locator("vscode-button", { hasText: "Take over" }).click();
  await whoControls(bensPane, "You have mouse and keyboard");
  await whoControls(annsPane, `${ben.displayName} has mouse and keyboard`);
  await customerSees({ representatives: both, controller: ben.displayName });
  // What the one who had it goes on typing is not sent any more.
  await clickAndType(anns, annsPane, "x");
  await clickAndType(bens, bensPane, "b");
  await poll("the key arrives", () => screen.keysyms.includes(0x62));
  expect(screen.keysyms).not.toContain(0x78);
  await anns.vscode.screenshot("colleagues-3-taken-over");
});

it("lets them be taken back by the command, after asking", async () => {
  await anns.vscode.runCommand("Handrail: Take Control");
  await anns.vscode.answerDialog(`${ben.displayName} holds mouse and keyboard`, "Take Over");
  await whoControls(annsPane, "You have mouse and keyboard");
  await whoControls(bensPane, `${administrator.displayName} has mouse and keyboard`);
  await customerSees({ representatives: both, controller: administrator.displayName });
});

it("lets a colleague leave, without ending anything", async () => {
  await bens.vscode.runCommand("Handrail: Leave Session");
  await bens.vscode.tab(sampleCustomer.name).waitFor({ state: "detached" });
  await customerSees({
    representatives: [administrator.displayName],
    controller: administrator.displayName,
  });
  await seesPicture(annsPane);
});

it("lets somebody watch who may not control", async () => {
  await shareWithBen("Only watches");
  await bens.vscode.answerNotification("asks you to watch the session", "Watch");
  await customerSees({ representatives: both });
  bensPane = await bens.pane(sampleCustomer.name);
  await seesPicture(bensPane);
  await controlButton(bensPane).and(bensPane.locator(":disabled")).waitFor();
  await bensPane
    .locator('textarea[aria-label="Write a message"]')
    .fill("I am looking over Ann's shoulder.");
  await bensPane.locator('textarea[aria-label="Write a message"]').press("Enter");
  await customer.hears("chat.message", ({ text }) => text.includes("shoulder"));
  await annsPane.getByText("shoulder").waitFor();
  await bens.vscode.tab(`${sampleCustomer.name} (watching)`).waitFor();
  await whoControls(bensPane, "You only watch");
  await bens.vscode.screenshot("colleagues-4-watches");
});

it("lets who only watches take part once a colleague agrees", async () => {
  await bens.vscode.runCommand("Handrail: Ask to Take Part");
  const asked = `${ben.displayName}, who only watches`;
  await anns.vscode.answerNotification(asked, "Let Take Part");
  await controlButton(bensPane).and(bensPane.locator(":enabled")).waitFor();
  await bens.vscode.tab("(watching)").waitFor({ state: "detached" });
});

it("transfers the session to the colleague, for whom the customer decides anew", async () => {
  await anns.vscode.runCommand("Handrail: Transfer Session");
  await anns.vscode.quickPick(ben.displayName).click();
  await anns.vscode.answer(`Note for ${ben.displayName}`, "The driver is old");
  await anns.vscode.tab(sampleCustomer.name).waitFor({ state: "detached" });
  await customerSees({ representatives: [], state: "waiting" });
  await anns.vscode.notification(`now waits for ${ben.displayName}`).waitFor();
  const handed = bens.vscode.notification(`${administrator.displayName} hands`);
  await handed.filter({ hasText: "The driver is old" }).waitFor();
  const asked = customer.asked.length;
  await bensPane.locator('[data-situation="waiting"] .card vscode-button').first().click();
  await customerSees({ representatives: [ben.displayName] });
  await anns.vscode.notification(`${ben.displayName} has accepted the session`).waitFor();
  await poll("the customer is asked again", () => customer.asked.slice(asked).includes("view"));
  await seesPicture(bensPane);
  await bens.vscode.screenshot("colleagues-5-transferred");
});

it("shows the one that the other has ended the session", async () => {
  await bens.vscode.runCommand("Handrail: Ask a Colleague in");
  await bens.vscode.quickPick(administrator.displayName).click();
  await bens.vscode.quickPick("Takes part").click();
  await anns.vscode.answerNotification("asks you into the session", "Join");
  annsPane = await anns.pane(sampleCustomer.name);
  await seesPicture(annsPane);
  await anns.vscode.runCommand("Handrail: End Session");
  await anns.vscode.answerDialog("End Session", "End Session");
  await customer.hears("session.ended");
  for (const { vscode } of [anns, bens]) {
    await vscode.tab(`${sampleCustomer.name} (ended)`).waitFor();
    await vscode.runCommand("View: Close All Editors");
  }
});

it("says in the tab of a waiting session that a colleague has accepted it", async () => {
  customer = resources.use(await bens.begin(sampleCustomer));
  await bens.vscode.runCommand("Handrail: Transfer Session");
  await bens.vscode.quickPick("General queue").click();
  await bens.vscode.answer("Note for General queue", "");
  await bens.vscode.tab(sampleCustomer.name).waitFor({ state: "detached" });
  await bens.vscode.treeItem(sampleCustomer.name).first().click();
  bensPane = await bens.pane(sampleCustomer.name);
  await bensPane.locator('[data-situation="waiting"]').waitFor();
  await anns.vscode.clickTreeAction(sampleCustomer.name, "Accept Session");
  await bensPane.locator('[data-situation="left"]').waitFor();
  await bens.vscode.screenshot("colleagues-6-left");
  await bens.vscode.tab(/\(/).waitFor({ state: "detached" });
  // A tab that opens takes the keyboard, and closes the list of commands.
  await anns.pane(sampleCustomer.name);
  await anns.vscode.runCommand("Handrail: End Session");
  await anns.vscode.answerDialog("End Session", "End Session");
  await customer.hears("session.ended");
  await bens.vscode.runCommand("View: Close All Editors");
});

it("says clearly that an account was disabled in the middle of a session", async () => {
  customer = resources.use(await bens.begin(sampleCustomer));
  screen = new CustomerScreen(customer);
  await screen.show();
  bensPane = await bens.pane(sampleCustomer.name);
  const { representatives } = await admin.json<{ representatives: { id: string; name: string }[] }>(
    "representatives",
  );
  const { id = "" } = representatives.find(({ name }) => name === ben.name) ?? {};
  await admin.write(`representatives/${id}`, { disabled: true }, "PATCH");
  await bens.vscode.notification("Your account has been disabled").waitFor();
  await bens.vscode.statusBarItem("Handrail: sign in").waitFor();
  await bensPane.locator('[data-situation="disabled"]').waitFor();
  await customerSees({ representatives: [], state: "waiting" });
  expect(screen.isWatched).toBe(false);
  await bens.vscode.screenshot("colleagues-7-disabled");
});

async function shareWithBen(role: "Takes part" | "Only watches"): Promise<void> {
  await anns.vscode.runCommand("Handrail: Ask a Colleague in");
  await anns.vscode.quickPick(ben.displayName).click();
  await anns.vscode.quickPick(role).click();
}

/** What the customer's window is told: who is there, and who has mouse and keyboard. */
async function customerSees(wanted: {
  representatives: readonly string[];
  controller?: string;
  state?: string;
}): Promise<void> {
  await poll("the customer is shown who is there", () => {
    const { representatives, controller, state } = customer.all("session.changed").at(-1) ?? {};
    expect({ representatives, controller, state }).toMatchObject({ state: "active", ...wanted });
    return true;
  });
}

function seesPicture(pane: Frame): Promise<void> {
  return screen.seenIn(pane);
}

function controlButton(pane: Frame) {
  return pane.locator(".toolbar button.wide[aria-pressed]");
}

async function whoControls(pane: Frame, text: string): Promise<void> {
  await pane.locator(".toolbar .who").getByText(text).waitFor();
}

/** Moves a mouse to a pixel of the customer's screen. */
async function moveTo(
  pane: Frame,
  mouse: Representative["vscode"]["page"]["mouse"],
  pixel: { x: number; y: number },
): Promise<void> {
  const { x, y } = await toPage(pane, pixel);
  await mouse.move(x, y);
}

async function clickAndType(who: Representative, pane: Frame, key: string): Promise<void> {
  const { page } = who.vscode;
  const middle = await toPage(pane, { x: 100, y: 100 });
  await page.mouse.click(middle.x, middle.y);
  await page.keyboard.press(key);
}
