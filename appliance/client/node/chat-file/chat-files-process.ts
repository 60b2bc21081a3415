/**
 * The process of the conversation's files, started by a client with an administrator's rights and by
 * nobody else: it has the customer's own rights, and so reads and writes what they may. It ends with
 * the client.
 */
import { toHandrailError } from "@handrail/protocol";
import type { KeptPart, OpenFile } from "../../core/chat-file/host.ts";
import { openChatFiles } from "./downloads.ts";
import { ChatFilesOrder, type ChatFilesReport } from "./message.ts";

const files = openChatFiles(process.env);
const parts = new Map<number, KeptPart>();
const opened = new Map<number, OpenFile>();

function known<T>(all: ReadonlyMap<number, T>, id: number): T {
  const found = all.get(id);
  if (found === undefined) throw new Error("it was not begun here");
  return found;
}

async function obey(order: ChatFilesOrder): Promise<unknown> {
  switch (order.order) {
    case "begin":
      return void parts.set(order.id, await files.begin(order.file));
    case "write":
      return known(parts, order.part).write(order.bytes);
    case "finish":
      return known(parts, order.part).finish();
    case "discard":
      return known(parts, order.part).discard();
    case "look":
      return files.look(order.path);
    case "open": {
      const file = await files.open(order.path);
      opened.set(order.id, file);
      return { sizeBytes: file.sizeBytes };
    }
    case "read":
      return known(opened, order.opened).read(order.fromByte, order.maxBytes);
    case "close":
      return known(opened, order.opened).close();
  }
}

/** What is over is known no more, however it went. */
function forget(order: ChatFilesOrder): void {
  if (order.order === "finish" || order.order === "discard") parts.delete(order.part);
  if (order.order === "close") opened.delete(order.opened);
}

async function answer(order: ChatFilesOrder): Promise<void> {
  const { id } = order;
  const report = (message: ChatFilesReport) => process.send?.(message);
  try {
    report({ report: "done", id, value: await obey(order) });
  } catch (error) {
    const { code, message } = toHandrailError(error);
    report({ report: "failed", id, code, message });
  }
  forget(order);
}

process.on("message", (message) => void answer(ChatFilesOrder.parse(message)));
process.on("disconnect", () => process.exit());
