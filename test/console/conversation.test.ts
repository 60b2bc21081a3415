import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { ChatFileBook } from "../../appliance/client/core/chat-file/book.ts";
import { ChatFileTool } from "../../appliance/client/core/chat-file/tool.ts";
import type { ToolReport } from "../../appliance/client/core/tools.ts";
import { openChatFiles } from "../../appliance/client/node/chat-file/downloads.ts";
import { Appliance } from "../support/appliance.ts";
import type { Frame } from "../support/chromium.ts";
import { MailServer, textOf } from "../support/mail-server.ts";
import { type CustomerEnd, sampleCustomer } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { Representative } from "./representative.ts";
import type { Workbench } from "./workbench.ts";

// Told in order: each test goes on where the one before it stopped.
const resources = new AsyncDisposableStack();
let appliance: Appliance;
let representative: Representative;
let vscode: Workbench;
let customer: CustomerEnd;
let pane: Frame;

beforeAll(async () => {
  appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  const admin = new Admin(appliance);
  await admin.signIn();
  const canned = { title: "Greeting", text: "Hello ${session.customer.name}, one moment." };
  expect((await admin.write("canned-messages", canned)).status).toBe(201);
  const cause = { name: "Cause", kind: "choice", choices: ["Ink", "Paper"], isRequired: true };
  expect((await admin.write("fields", cause)).status).toBe(201);
  const text = { en: "What was hard?", fr: "Qu’est-ce qui était difficile ?" };
  const question = { text, audience: "representative", kind: "text" };
  expect((await admin.write("questions", question)).status).toBe(201);
  representative = resources.use(await Representative.start(appliance));
  vscode = representative.vscode;
  customer = resources.use(await representative.begin(sampleCustomer));
  pane = await representative.pane(sampleCustomer.name);
});
afterAll(() => resources.disposeAsync());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await vscode.screenshot("conversation-failed");
});

/** Opens a part of the side panel. */
async function open(part: string): Promise<void> {
  await pane.getByRole("tab", { name: part }).click();
}

/** Chooses from the menu of the conversation. */
async function choose(label: string): Promise<void> {
  await pane.getByRole("button", { name: "More about the conversation" }).click();
  await pane.getByRole("menuitem", { name: label }).click();
}

it("puts a canned message with the customer's name where one writes", async () => {
  await open("Chat");
  const box = pane.getByRole("textbox", { name: "Write a message" });
  await box.click();
  await box.press("/");
  await vscode.quickPick("Greeting").waitFor();
  await vscode.screenshot("conversation-1-canned");
  await vscode.quickPick("Greeting").click();
  const text = `Hello ${sampleCustomer.name}, one moment.`;
  await poll("the message is in the box", async () => (await box.inputValue()) === text);
  await box.press("Enter");
  await customer.hears("chat.message", (message) => message.text === text);
});

it("has the appliance send a session key by e-mail, where that is allowed", async () => {
  await using server = await MailServer.start();
  const place = ["--security", "none", "--host", "127.0.0.1", "--port", String(server.port)];
  const from = ["--sender", "handrail@example.org", "--session-keys", "on"];
  await appliance.command("mail", "set", ...place, ...from);
  await representative.createKey();
  await vscode.runCommand("Handrail: E-mail Session Key");
  await vscode.answer("Send session key", "cleo@example.org");
  const mail = await poll("the letter", () => server.mails[0]);
  expect(mail.to).toEqual(["cleo@example.org"]);
  expect(textOf(mail)).toContain(`Please open ${appliance.url}`);
});

it("offers a page and calls the customer", async () => {
  await choose("Offer a web page");
  await vscode.answer("Offer a web page", "example.org/help");
  const url = "https://example.org/help";
  await customer.hears("chat.message", (message) => message.url === url);
  await pane.getByRole("link", { name: url }).waitFor();
  await choose("Get attention");
  await customer.hears("chat.nudged");
  await vscode.screenshot("conversation-2-offered");
});

it("sends a file that the customer saves, and saves one of the customer's", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-chat-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const [manual, log] = ["manual.pdf", "log.txt"].map((name) => path.join(folder, name));
  const [sent, given] = [randomBytes(300_000), randomBytes(200_000)];
  if (!manual || !log) throw new Error("no names");
  await writeFile(manual, sent);
  await writeFile(log, given);
  const book = new ChatFileBook();
  const files = openChatFiles({ HOME: folder });
  const tool = new ChatFileTool(book, files);
  resources.use(tool);
  customer.serve = (channel) => {
    const lines = customer.all("chat.message");
    for (const { seq, file } of lines) if (file) book.announced(seq, file);
    const report: ToolReport = (event, detail) =>
      customer.tell("tool.event", { channel: channel.id, event, detail });
    tool.use({ channel, by: "Ann", report });
  };
  await choose("Send a file");
  await vscode.choosePath(manual);
  const { seq } = await customer.hears("chat.message", ({ file }) => file?.name === "manual.pdf");
  const offering = vscode.statusBarItem("saves manual.pdf");
  await offering.waitFor();
  expect(await vscode.notification("Waiting until").count()).toBe(0);
  await poll("it is offered", () => book.offered(seq));
  await vscode.screenshot("conversation-3-file-offered");
  book.want(seq);
  const saved = path.join(folder, "Downloads/manual.pdf");
  await poll("the customer has it", async () => sent.equals(await readFile(saved)));
  await vscode.statusBarItem("has saved manual.pdf").waitFor();
  await offering.waitFor({ state: "detached" });
  await pane.getByText("✓ saved by the customer").waitFor();

  // As the customer's window does when a file is chosen: what is opened later must be that one.
  await files.look(log);
  const sha256 = createHash("sha256").update(given).digest("hex");
  const offered = { name: "log.txt", sizeBytes: given.length, sha256 };
  const message = await customer.call("chat.offer-file", { file: offered });
  book.gives(message.seq, offered, log);
  await pane.getByRole("button", { name: "Save log.txt (200 kB)" }).click();
  const target = path.join(folder, "from customer.txt");
  await vscode.choosePath(target);
  await poll("the representative has it", async () => given.equals(await readFile(target)));
  await vscode.statusBarItem("log.txt is saved").waitFor();
  await vscode.screenshot("conversation-3-file-saved");
});

it("sends what is dropped on the chat, and says when the help has begun anew since", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-chat-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "dropped.txt");
  await writeFile(file, "from the list of files");
  const files = openChatFiles({ HOME: folder });
  // A client that has come in place of the one that was told of the file.
  const tool = resources.use(new ChatFileTool(new ChatFileBook(), files));
  customer.serve = (channel) => tool.use({ channel, by: "Ann", report: () => undefined });
  const messages = pane.getByRole("log", { name: "Chat" });
  const box = await messages.boundingBox();
  if (!box) throw new Error("there is a chat");
  await vscode.dropFile(file, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  await customer.hears("chat.message", (message) => message.file?.name === "dropped.txt");
  await messages.getByText("dropped.txt").waitFor();
  await vscode.notification("dropped.txt is not offered any more").waitFor();
  await vscode.screenshot("conversation-3-file-dropped");
  // What was sent before that client came it does not have, either.
  await pane.getByRole("button", { name: "Save log.txt (200 kB)" }).click();
  await vscode.choosePath(path.join(folder, "log.txt"));
  await pane.locator(".banner", { hasText: "log.txt is not to be had any more" }).waitFor();
});

it("marks what nobody has seen, until somebody looks", async () => {
  await open("Events");
  await customer.call("chat.send", { text: "It prints again" });
  await vscode.tab(`(1) ${sampleCustomer.name}`).waitFor();
  await vscode.treeItem("1 new message").waitFor();
  await vscode.screenshot("conversation-3-unread");
  await open("Chat");
  await pane.getByText("It prints again").waitFor();
  await vscode.tab(`(1) ${sampleCustomer.name}`).waitFor({ state: "detached" });
});

it("keeps notes and fields, and reminds of what is missing at the end", async () => {
  await open("Notes");
  const note = pane.getByRole("textbox", { name: "Write a note for colleagues" });
  await note.fill("The ink was empty.");
  await pane.getByRole("button", { name: "Keep" }).click();
  await pane.locator("li").getByText("The ink was empty.").waitFor();
  await vscode.screenshot("conversation-4-notes");
  await open("Details");
  const key = pane.getByLabel("External key");
  await key.fill("T-1000");
  await key.press("Tab");
  await vscode.runCommand("Handrail: End Session");
  await vscode.dialog("Not filled in yet: Cause").waitFor();
  await vscode.screenshot("conversation-5-missing");
  await vscode.answerDialog("Not filled in yet", "Cancel");
  await pane.getByLabel("Cause (required)").selectOption("Ink");
  const admin = new Admin(appliance);
  await admin.signIn();
  await poll("both are in the record", async () => {
    const { sessions } = await admin.json<{ sessions: { fields: { value: string }[] }[] }>(
      "sessions?q=t-1000",
    );
    return sessions[0]?.fields.map(({ value }) => value).join() === "T-1000,Ink";
  });
  await vscode.screenshot("conversation-6-fields");
  expect(JSON.stringify(customer.heard)).not.toMatch(/The ink was empty|T-1000/);
});

it("asks the representative a question when the session is over", async () => {
  await vscode.runCommand("Handrail: End Session");
  await vscode.answerDialog("End the session with", "End Session");
  await customer.hears("session.ended");
  await vscode.answerNotification("One question about the session", "Answer");
  await vscode.answer("What was hard?", "The lid");
  const admin = new Admin(appliance);
  await admin.signIn();
  await poll("the answer can be exported", async () =>
    (await admin.read("surveys/export")).text.includes('"What was hard?","text","The lid"'),
  );
  await open("Notes");
  await pane
    .getByRole("textbox", { name: "Write a note for colleagues" })
    .fill("She called again.");
  await pane.getByRole("button", { name: "Keep" }).click();
  await pane.locator("li").getByText("She called again.").waitFor();
  await vscode.screenshot("conversation-7-over");
});
