import { bytesOf, chain, origin, readRow } from "./audit-row.ts";
import type { Store } from "./database.ts";

/** How many rows are read at once. */
const pageRows = 1000;

/** What `verify` found; `seq` is the first row that is not as it was written. */
export type AuditVerdict =
  | { readonly intact: true; readonly rows: number; readonly head: string }
  | { readonly intact: false; readonly seq: number; readonly because: string };

/** Reads the whole log of a database and compares every hash. */
export function verifyAudit(store: Pick<Store, "raw">): AuditVerdict {
  const page = store.raw.prepare("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?");
  let seq = 0;
  let hash: Buffer = origin;
  for (let rows = page.all(0, pageRows); rows.length > 0; rows = page.all(seq, pageRows)) {
    for (const raw of rows) {
      seq++;
      if (raw.seq !== seq) return broken(seq, "the row is missing");
      const row = readRow(raw);
      if (!row) return broken(seq, "the row cannot be read");
      const { hash: written, ...content } = row;
      hash = chain(hash, content);
      if (hash.toString("hex") !== written) {
        return broken(seq, "the row is not as it was written");
      }
    }
  }
  const head = store.raw.prepare("SELECT seq, hash FROM auditHead").get();
  if (Number(head?.seq ?? 0) > seq) return broken(seq + 1, "rows are missing at the end");
  if (Number(head?.seq ?? 0) < seq) return broken(seq, "the row was added by someone else");
  if (head && !bytesOf(head.hash)?.equals(hash)) {
    return broken(seq, "the row is not as it was written");
  }
  return { intact: true, rows: seq, head: hash.toString("hex") };
}

function broken(seq: number, because: string): AuditVerdict {
  return { intact: false, seq, because };
}
