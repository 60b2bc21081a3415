import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chatFileMessage, type ChatFile, type ChatFileMessage } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ChatFileBook,
  type FileState,
} from "../../../../../appliance/client/core/chat-file/book.ts";
import type { ChatFileHost } from "../../../../../appliance/client/core/chat-file/host.ts";
import { ChatFileTool } from "../../../../../appliance/client/core/chat-file/tool.ts";
import { openChatFiles } from "../../../../../appliance/client/node/chat-file/downloads.ts";
import { poll } from "../../../../support/poll.ts";
import { ToolTrial } from "../clipboard/customer-end.ts";

const content = randomBytes(300_000);
const half = 150_000;
let home: string;
let downloads: string;
let book: ChatFileBook;
let tool: ChatFileTool;
let states: FileState[];
let files: ChatFileHost;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "handrail-chat-file-"));
  downloads = path.join(home, "Downloads");
  book = new ChatFileBook();
  states = [];
  book.listener = (_seq, state) => states.push(state);
  files = openChatFiles({ HOME: home });
  tool = new ChatFileTool(book, files);
});
afterEach(async () => {
  tool[Symbol.dispose]();
  await rm(home, { recursive: true });
});

function fileOf(bytes: Uint8Array, name = "report.pdf"): ChatFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name, sizeBytes: bytes.length, sha256 };
}

function begin(first: ChatFileMessage): ToolTrial<ChatFileMessage> {
  const trial = new ToolTrial(tool, "chat-file", (bytes) => chatFileMessage.decode(bytes));
  trial.hear(chatFileMessage.encode(first));
  return trial;
}

function send(trial: ToolTrial<ChatFileMessage>, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += 40_000) {
    const piece = bytes.subarray(at, at + 40_000);
    trial.hear(chatFileMessage.encode({ type: "piece", bytes: piece }));
  }
}

const isTaken = (said: readonly ChatFileMessage[]) => said.some(({ type }) => type === "take");

describe("a file of a representative", () => {
  it("comes when the customer wants it, and is saved", async () => {
    book.announced(4, fileOf(content));
    const trial = begin({ type: "offer", seq: 4 });
    trial.pump();
    expect(trial.said).toEqual([]);
    expect(book.waysOf("Ann")).toEqual(["to-customer"]);
    book.want(4);
    await trial.until("it is taken", isTaken);
    expect(trial.said).toEqual([{ type: "take", seq: 4, fromByte: 0 }]);
    send(trial, content);
    await trial.until("it is saved", (said) => said.at(-1)?.type === "saved");
    expect(content.equals(await readFile(path.join(downloads, "report.pdf")))).toBe(true);
    const { name, sizeBytes, sha256 } = fileOf(content);
    expect(trial.reported).toEqual([["chat-file.saved", { name, sizeBytes, sha256 }]]);
    expect(states.at(-1)).toEqual({ how: "saved", path: path.join(downloads, "report.pdf") });
  });

  it("goes on where it was when the line comes back", async () => {
    book.announced(4, fileOf(content));
    book.want(4);
    const first = begin({ type: "offer", seq: 4 });
    await first.until("it is taken", isTaken);
    send(first, content.subarray(0, half));
    first.channel.lost("customer-away");
    const second = begin({ type: "offer", seq: 4 });
    await second.until("it is taken", isTaken);
    expect(second.said).toEqual([{ type: "take", seq: 4, fromByte: half }]);
    send(second, content.subarray(half));
    await second.until("it is saved", (said) => said.at(-1)?.type === "saved");
    expect(content.equals(await readFile(path.join(downloads, "report.pdf")))).toBe(true);
  });

  it("is not sent once more to a computer that has it, and its console is told so", async () => {
    book.announced(4, fileOf(content));
    book.want(4);
    const first = begin({ type: "offer", seq: 4 });
    await first.until("it is taken", isTaken);
    send(first, content);
    await poll("it is saved", () => states.some(({ how }) => how === "saved"));
    first.channel.lost("unavailable");
    const again = begin({ type: "offer", seq: 4 });
    again.pump();
    expect(again.said).toEqual([{ type: "saved" }]);
    expect(await readdir(downloads)).toEqual(["report.pdf"]);
  });

  it("is not kept when it is not what was announced", async () => {
    const other = Buffer.from(content);
    other[0] = 255 - (content[0] ?? 0);
    book.announced(4, fileOf(other));
    book.want(4);
    const trial = begin({ type: "offer", seq: 4 });
    await trial.until("it is taken", isTaken);
    send(trial, content);
    await trial.until("it is refused", (said) => said.at(-1)?.type === "refused");
    expect(trial.said.at(-1)).toEqual({ type: "refused", reason: "changed" });
    expect(trial.reported.map(([event]) => event)).toEqual(["chat-file.refused"]);
    expect(await readdir(downloads)).toEqual([]);
  });

  it("leaves nothing when it is taken back half way, or the session ends", async () => {
    for (const seq of [4, 5]) {
      book.announced(seq, fileOf(content));
      book.want(seq);
      const trial = begin({ type: "offer", seq });
      await trial.until("it is taken", isTaken);
      send(trial, content.subarray(0, half));
      if (seq === 4) trial.channel.lost("cancelled");
      else tool[Symbol.dispose]();
      await poll("nothing is left", async () => (await readdir(downloads)).length === 0);
    }
    expect(states).toContainEqual({ how: "withdrawn" });
  });

  it("ends its channel when it was not announced, or is more than was", async () => {
    const unknown = begin({ type: "offer", seq: 9 });
    unknown.pump();
    expect(unknown.ended).toBe("not-found");
    book.announced(4, fileOf(content.subarray(0, 10)));
    book.want(4);
    const longer = begin({ type: "offer", seq: 4 });
    await longer.until("it is taken", isTaken);
    send(longer, content.subarray(0, 11));
    longer.pump();
    expect(longer.ended).toBe("protocol-violation");
  });
});

describe("a file of the customer", () => {
  // What goes before the other end has given credit.
  const little = content.subarray(0, 10_000);

  async function given(): Promise<string> {
    const file = path.join(home, "log.txt");
    await writeFile(file, little);
    expect(await files.look(file)).toEqual({ file: fileOf(little, "log.txt") });
    book.gives(7, fileOf(little, "log.txt"), file);
    return file;
  }

  it("is given from any byte on, and told of", async () => {
    await given();
    const trial = begin({ type: "take", seq: 7, fromByte: 5000 });
    await poll("it is given", () => trial.reported.length > 0);
    trial.pump();
    const pieces = trial.said.flatMap((said) => (said.type === "piece" ? [said.bytes] : []));
    expect(Buffer.concat(pieces).equals(little.subarray(5000))).toBe(true);
    expect(trial.reported).toEqual([["chat-file.given", fileOf(little, "log.txt")]]);
    expect(states).toEqual([{ how: "given" }]);
  });

  it.each([
    ["changed", (file: string) => truncate(file, 5000)],
    ["gone", (file: string) => rm(file)],
  ] as const)("is refused when it is %s", async (reason, happens) => {
    await happens(await given());
    const trial = begin({ type: "take", seq: 7, fromByte: 0 });
    await trial.until("it is refused", (said) => said.length > 0);
    expect(trial.said).toEqual([{ type: "refused", reason }]);
  });

  it("is none that was not chosen", () => {
    const trial = begin({ type: "take", seq: 8, fromByte: 0 });
    trial.pump();
    expect(trial.ended).toBe("not-found");
  });
});

it("what ends at this end makes room for others", async () => {
  book.announced(4, fileOf(content));
  for (let times = 0; times < 20; times++) {
    const unknown = begin({ type: "take", seq: 8, fromByte: 0 });
    unknown.pump();
    expect(unknown.ended).toBe("not-found");
    begin({ type: "offer", seq: 4 });
  }
  const last = begin({ type: "offer", seq: 4 });
  book.want(4);
  await last.until("it is taken", isTaken);
});
