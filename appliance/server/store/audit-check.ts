import { Worker } from "node:worker_threads";
import { z } from "zod";
import { programBeside } from "../program.ts";
import type { AuditVerdict } from "./audit-verify.ts";

const verdictShape = z.union([
  z.object({ intact: z.literal(true), rows: z.int(), head: z.string() }),
  z.object({ intact: z.literal(false), seq: z.int(), because: z.string() }),
]);

/**
 * Reads the whole audit log of a database file and compares every hash, in a thread of its own: it
 * takes a second for some 30,000 rows, and the relay must not stand still meanwhile. Those who ask
 * while a check is running share it.
 */
export class AuditCheck {
  readonly #databaseFile: string;
  #running: Promise<AuditVerdict> | undefined;

  constructor(databaseFile: string) {
    this.#databaseFile = databaseFile;
  }

  /** @throws Error when the file cannot be read */
  verify(): Promise<AuditVerdict> {
    this.#running ??= this.#verify().finally(() => (this.#running = undefined));
    return this.#running;
  }

  #verify(): Promise<AuditVerdict> {
    return new Promise((resolve, reject) => {
      const workerData = { databaseFile: this.#databaseFile };
      const worker = new Worker(programBeside(import.meta, "audit-worker"), { workerData });
      worker.once("message", (verdict: unknown) => resolve(verdictShape.parse(verdict)));
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the check of the audit log gave no answer")));
    });
  }
}
