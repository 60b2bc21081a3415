/** The thread of `audit-check.ts`: checks one database file, says what it found, and ends. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { verifyAudit } from "./audit-verify.ts";

const { databaseFile } = z.object({ databaseFile: z.string() }).parse(workerData);
const raw = new DatabaseSync(databaseFile, { readOnly: true, timeout: 5_000 });
try {
  // One moment of the log: rows that are added meanwhile do not count.
  raw.exec("BEGIN");
  parentPort?.postMessage(verifyAudit({ raw }));
} finally {
  raw.close();
}
