import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { HandrailError } from "@handrail/protocol";

/**
 * How the server speaks with the programs that work as root: one connection to a socket for each
 * request, which is a line of JSON; lines of JSON come back. The service manager starts the program
 * with the connection as its standard input and output.
 */

/** A longer request is none of ours: the longest has a key of SSH in it. */
const maxRequestBytes = 8192;
const requestWithinMs = 10_000;

/** The lines that a program answers. @throws HandrailError `unavailable` when it cannot be asked */
export async function* askProgram(socketFile: string, request: unknown): AsyncGenerator {
  const socket = await reach(socketFile);
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: socket })) yield JSON.parse(line);
  } catch (cause) {
    throw new HandrailError("unavailable", "the machine's answer cannot be read", { cause });
  } finally {
    socket.destroy();
  }
}

/** The first line of standard input. @throws Error when it is no JSON, too long, or too late */
export async function readRequest(): Promise<unknown> {
  const late = () => process.stdin.destroy(new Error("no request has come"));
  const timer = setTimeout(late, requestWithinMs);
  let text = "";
  try {
    for await (const piece of process.stdin
      .setEncoding("utf8")
      .iterator({ destroyOnReturn: false })) {
      text += String(piece);
      if (text.includes("\n") || text.length > maxRequestBytes) break;
    }
  } finally {
    clearTimeout(timer);
  }
  const [line = ""] = text.slice(0, maxRequestBytes).split("\n", 1);
  return JSON.parse(line);
}

/** Writes a line of the answer on standard output. */
export function answer(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function reach(socketFile: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect(socketFile);
  socket.once("connect", () => resolve(socket));
  socket.once("error", (cause) => {
    reject(new HandrailError("unavailable", "the machine cannot be reached", { cause }));
  });
  return promise;
}
