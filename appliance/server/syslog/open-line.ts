import type { Clock } from "../clock.ts";
import { openDatagramLine } from "./datagram-line.ts";
import { toLineError } from "../line/line-error.ts";
import type { Line } from "./line.ts";
import { openStreamLine } from "./stream-line.ts";
import type { SyslogTarget } from "./target.ts";

/** Reaches the server, and makes sure of its certificate. @throws LineError */
export async function openLine(
  target: SyslogTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<Line> {
  try {
    signal.throwIfAborted();
    if (target.transport === "udp") return await openDatagramLine(target, clock);
    return await openStreamLine(target, clock, signal);
  } catch (error) {
    throw toLineError(error);
  }
}
