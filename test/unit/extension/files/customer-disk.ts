import {
  type Channel,
  encodeFrame,
  HandrailError,
  type Lsid,
  Mux,
  type OpenRequest,
} from "@handrail/protocol";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { DiskThread } from "../../../../appliance/client/node/files/disk-thread.ts";
import { systemClock } from "../../../../extension/clock.ts";
import { Disk, type FileChannelKind } from "../../../../extension/files/disk.ts";
import { Transfer } from "../../../../extension/files/transfer.ts";
import { TransferJournal } from "../../../../extension/files/transfer-journal.ts";
import type { TransferPlan } from "../../../../extension/files/transfer-plan.ts";
import type { Choice, Conflict } from "../../../../extension/files/transfer-run.ts";
import { root } from "../../../support/root.ts";

export const lsid = "a".repeat(32) as Lsid;
const worker = pathToFileURL(path.join(root, "appliance/client/node/files/disk-worker.ts"));

/** What answers on a channel instead of the client's own code. */
export type Liar = (channel: Channel) => void;

/**
 * A console and a customer's client, joined by the protocol's own Mux without a socket in between.
 * The customer's end works on files with the client's real code, in its thread; a folder for each.
 */
export class CustomerDisk implements AsyncDisposable {
  /** Below it: `there`, the customer's folder, and `here`, the representative's. */
  readonly base: string;
  readonly disk: Disk;
  readonly journal: TransferJournal;
  /** What the customer's client wrote to the audit log. */
  readonly events: string[] = [];
  /** What the person says where something is in the way; asked for each conflict. */
  choose: (conflict: Conflict) => Choice = () => {
    throw new Error("nobody was to be asked");
  };
  /** Frames to the console go only while this says so. */
  flows: (bytes: number) => boolean = () => true;
  /** Kinds of channel that somebody else answers. */
  readonly liars = new Map<FileChannelKind, Liar>();
  isLinked = true;
  readonly #thread = new DiskThread(worker);
  readonly #tools = {
    files: this.#thread.tool("files"),
    download: this.#thread.tool("download"),
    "files-write": this.#thread.tool("files-write"),
  };
  #console: Mux;
  #customer: Mux;
  #isDue = false;

  static async start(): Promise<CustomerDisk> {
    const base = await mkdtemp(path.join(tmpdir(), "handrail-transfer-"));
    for (const name of ["here", "there", "storage"]) await mkdir(path.join(base, name));
    return new CustomerDisk(base);
  }

  private constructor(base: string) {
    this.base = base;
    this.journal = new TransferJournal(path.join(base, "storage"));
    this.#console = this.#end("connecting");
    this.#customer = this.#end("accepting");
    this.disk = this.newDisk();
  }

  /** The disk as a console sees it that has just started. */
  newDisk(): Disk {
    return new Disk({ open: (kind) => this.#open(kind), clock: systemClock });
  }

  here(...names: string[]): string {
    return path.join(this.base, "here", ...names);
  }

  there(...names: string[]): string {
    return path.join(this.base, "there", ...names);
  }

  /** The link is lost for good; both ends come back with nothing of it. */
  cut(): void {
    const ends = [this.#console, this.#customer];
    this.#console = this.#end("connecting");
    this.#customer = this.#end("accepting");
    for (const end of ends) end.lost();
  }

  /** A wish of the representative that is kept in the journal. */
  async wish(plan: Pick<TransferPlan, "direction" | "sources">): Promise<Transfer> {
    const target = plan.direction === "upload" ? this.there() : this.here();
    const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
    const whole = { ...plan, id, lsid, computer: "carla-pc", target, createdAt: Date.now() };
    const record = await this.journal.begin(whole);
    return new Transfer(whole, record, { clock: systemClock, isKept: false });
  }

  /** Runs a transfer to its end. */
  async run(transfer: Transfer): Promise<Transfer> {
    await transfer.run(this.disk, (conflict) => Promise.resolve(this.choose(conflict)));
    return transfer;
  }

  async download(...names: string[]): Promise<Transfer> {
    const sources = names.map((name) => this.there(name));
    return this.run(await this.wish({ direction: "download", sources }));
  }

  async upload(...names: string[]): Promise<Transfer> {
    const sources = names.map((name) => this.here(name));
    return this.run(await this.wish({ direction: "upload", sources }));
  }

  /** Lets frames go again that were held back. */
  pump(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      while (this.#carry(this.#console, this.#customer) || this.#toConsole());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disk.dispose();
    this.cut();
    for (const tool of Object.values(this.#tools)) tool[Symbol.dispose]();
    await rm(this.base, { recursive: true, force: true });
  }

  #open(kind: FileChannelKind): Channel {
    if (!this.isLinked) throw new HandrailError("unavailable", "not connected");
    return this.#console.open({ kind, lsid });
  }

  #end(side: "connecting" | "accepting"): Mux {
    return new Mux({
      side,
      now: () => Math.round(performance.now()),
      wake: () => this.pump(),
      control: () => undefined,
      opened: (request, channel) => this.#opened(request, channel),
    });
  }

  #opened({ kind }: OpenRequest, channel: Channel): void {
    if (kind !== "files" && kind !== "download" && kind !== "files-write") {
      throw new HandrailError("not-found", "no such tool");
    }
    const liar = this.liars.get(kind);
    if (liar) return liar(channel);
    const report = (event: string) => void this.events.push(event);
    this.#tools[kind].use({ channel, by: "Ann", report });
  }

  #toConsole(): boolean {
    const next = this.#customer;
    if (!this.flows(0)) return false;
    const frame = next.pull();
    if (!frame) return false;
    this.flows(frame.payload.length);
    this.#console.receive(encodeFrame(frame));
    return true;
  }

  #carry(from: Mux, to: Mux): boolean {
    const frame = from.pull();
    if (frame) to.receive(encodeFrame(frame));
    return frame !== undefined;
  }
}
