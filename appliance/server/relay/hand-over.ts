import type { Account } from "../auth/account.ts";
import type { HandOver } from "../store/sessions.ts";
import type { Session } from "./session.ts";

/** It is over: tells the one who handed over, and who has taken it, unless they have themselves. */
export function settleHandOver(
  { lsid, site }: Session,
  handOver: HandOver | undefined,
  taker?: Account,
): void {
  if (!handOver) return;
  const isOther = taker !== undefined && taker.id !== handOver.from;
  const acceptedBy = isOther ? taker.displayName : undefined;
  site.tell([handOver.from], "transfer.settled", { lsid, acceptedBy });
}
