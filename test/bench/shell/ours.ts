import {
  shellConsoleMessage,
  type ShellConsoleMessage,
  shellCustomerMessage,
} from "@handrail/protocol";
import type { Visit } from "../../support/visit.ts";
import type { RemoteTerminal } from "./terminal.ts";

/** A shell of the real client, through the real appliance, which records it. */
export async function openOurTerminal({ representative, lsid }: Visit): Promise<RemoteTerminal> {
  const { channel } = await representative.open("shell", lsid).opened();
  let hear: (bytes: Uint8Array) => void = () => undefined;
  channel.listener = {
    message: (bytes) => {
      const message = shellCustomerMessage.decode(bytes);
      if (message.type === "output") hear(message.bytes);
    },
  };
  const say = (message: ShellConsoleMessage) => channel.send(shellConsoleMessage.encode(message));
  say({ type: "start", columns: 80, rows: 24 });
  return {
    name: "Handrail",
    type: (text) => say({ type: "input", bytes: Buffer.from(text) }),
    listen: (hears) => (hear = hears),
    [Symbol.asyncDispose]: async () => say({ type: "hangUp" }),
  };
}
