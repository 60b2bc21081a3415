import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Lsid } from "@handrail/protocol";
import { systemClock } from "../../../extension/clock.ts";
import { Disk } from "../../../extension/files/disk.ts";
import { Transfer } from "../../../extension/files/transfer.ts";
import { TransferJournal } from "../../../extension/files/transfer-journal.ts";
import type { TransferPlan } from "../../../extension/files/transfer-plan.ts";
import type { ConsoleEnd } from "../../support/party.ts";

/** The console's own transfers, without VS Code around them. */
export class ConsoleDisk implements AsyncDisposable {
  readonly #lsid: Lsid;
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #journal: TransferJournal;

  static async open(console: ConsoleEnd, lsid: Lsid): Promise<ConsoleDisk> {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-journal-"));
    return new ConsoleDisk(console, lsid, folder);
  }

  private constructor(console: ConsoleEnd, lsid: Lsid, folder: string) {
    this.#lsid = lsid;
    this.#folder = folder;
    this.#journal = new TransferJournal(folder);
    this.#disk = new Disk({ open: (kind) => console.open(kind, lsid).channel, clock: systemClock });
  }

  /** A transfer that has not begun. */
  async plan(wish: Pick<TransferPlan, "direction" | "sources" | "target">): Promise<Transfer> {
    const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
    const plan = { ...wish, id, lsid: this.#lsid, computer: "bench", createdAt: Date.now() };
    const record = await this.#journal.begin(plan);
    return new Transfer(plan, record, { clock: systemClock, isKept: false });
  }

  /** Runs it to its end. @throws why it did not get there */
  async run(transfer: Transfer): Promise<void> {
    await transfer.run(this.#disk, () => Promise.reject(new Error("something is in the way")));
    if (transfer.state === "done") return;
    const [problem] = transfer.progress.problems;
    throw new Error(`${transfer.state}: ${String(transfer.error)} ${JSON.stringify(problem)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disk.dispose();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
