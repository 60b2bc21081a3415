import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Sshd } from "../sshd.ts";
import type { RemoteTerminal } from "./terminal.ts";

/** OpenSSH's client with a terminal on the other side. */
export function openSshTerminal({ options, host }: Sshd): RemoteTerminal {
  const child = spawn("ssh", ["-tt", ...options, host], { stdio: ["pipe", "pipe", "inherit"] });
  let hear: (bytes: Uint8Array) => void = () => undefined;
  child.stdout.on("data", (bytes: Buffer) => hear(bytes));
  return {
    name: "OpenSSH",
    type: (text) => void child.stdin.write(text),
    listen: (hears) => (hear = hears),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "close");
      child.kill();
      await ended;
    },
  };
}
