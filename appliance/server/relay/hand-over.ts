import type { RepresentativeId } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Session } from "./session.ts";

/** A session between the representative who has transferred it and whoever will take it. */
export interface HandOver {
  readonly from: RepresentativeId;
  readonly name: string;
  /** The latest note that was kept with it, in a line. */
  readonly note: string | undefined;
}

/** It is over: tells the one who handed over, and who has taken it, unless they have themselves. */
export function settleHandOver(session: Session, taker?: Account): void {
  const { handOver, lsid, site } = session;
  if (!handOver) return;
  session.handOver = undefined;
  const isOther = taker !== undefined && taker.id !== handOver.from;
  const acceptedBy = isOther ? taker.displayName : undefined;
  site.tell([handOver.from], "transfer.settled", { lsid, acceptedBy });
}
