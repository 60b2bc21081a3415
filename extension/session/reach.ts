import type { Lsid } from "@handrail/protocol";
import type { Board } from "../queue/board.ts";
import type { Connection } from "../site/connection.ts";

/** Whether a customer can be reached: now, once the line is back, or never again in this session. */
export type Reach = "now" | "later" | "never";

/** Whether the customer of a session can be reached by tools of this console. */
export function reachOf(lsid: Lsid, { link, board }: { link: Connection; board: Board }): Reach {
  const { phase } = link.state;
  if (phase === "off" || phase === "refused") return "never";
  if (phase !== "online" || !board.self) return "later";
  const session = board.session(lsid);
  // Right after a new link the board still has what it had before: it is replaced as a whole.
  if (session?.state !== "active" || !board.takesPart(session)) return "never";
  return session.customerConnected ? "now" : "later";
}
