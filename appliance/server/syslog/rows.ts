import { bytesOf, readRow } from "../store/audit-row.ts";
import { searchAudit } from "../store/audit-search.ts";
import type { Store } from "../store/database.ts";
import type { SentRow } from "./message.ts";

/** The rows behind that one, in order. One that cannot be read is sent as such: it says much. */
export function rowsAfter(store: Pick<Store, "raw">, after: number, limit: number): SentRow[] {
  return searchAudit(store, { after }, { by: "ASC", limit }).map(
    (raw) => readRow(raw) ?? unreadable(raw),
  );
}

function unreadable({ seq, at, hash }: Record<string, unknown>): SentRow {
  const known = bytesOf(hash)?.toString("hex");
  return {
    seq: Number(seq),
    at: typeof at === "number" && Math.abs(at) < 8.64e15 ? at : 0,
    event: "unreadable-row",
    who: "appliance",
    ...(known === undefined ? {} : { hash: known }),
    detail: {},
  };
}
