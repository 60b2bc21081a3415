import type { Channel } from "@handrail/protocol";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { DiskThread } from "../../appliance/client/node/files/disk-thread.ts";
import type { CustomerEnd } from "../support/party.ts";
import { root } from "../support/root.ts";

/**
 * Lets the client's own code serve a customer's channels for files, and tell what is done, with that
 * folder as the customer's home.
 */
export function serveFiles(customer: CustomerEnd, home: string): Disposable {
  const stack = new DisposableStack();
  const before = process.env["HOME"];
  process.env["HOME"] = home;
  stack.defer(() => void (process.env["HOME"] = before));
  const worker = path.join(root, "appliance/client/node/files/disk-worker.ts");
  const thread = new DiskThread(pathToFileURL(worker));
  const tools = {
    files: thread.tool("files"),
    download: thread.tool("download"),
    "files-write": thread.tool("files-write"),
  };
  for (const tool of Object.values(tools)) stack.use(tool);
  customer.serve = (channel: Channel) => {
    const { kind, id } = channel;
    if (kind !== "files" && kind !== "download" && kind !== "files-write") return;
    tools[kind].use({
      channel,
      by: "Ann",
      report: (event, detail) => customer.tell("tool.event", { channel: id, event, detail }),
    });
  };
  return stack;
}
