import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { HandrailError } from "@handrail/protocol";
import type { ReleaseChannelState, ReleaseChannelTrouble } from "@handrail/protocol/upkeep";
import type { Clock } from "../clock.ts";
import type { Trust } from "../line/trust.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { AuditLog } from "../store/audit.ts";
import { holdFile } from "../store/data-lock.ts";
import { ChannelError, toChannelError } from "../update/channel/channel-error.ts";
import { fetchRelease } from "../update/channel/fetch-release.ts";
import {
  forgetKnown,
  forgetLookTrouble,
  knownOf,
  readKnown,
  readLookTrouble,
  readOffered,
  writeKnown,
  writeLookTrouble,
} from "../update/channel/known.ts";
import { type ChannelLine, readIndex } from "../update/channel/read-index.ts";
import type { IndexedRelease } from "../update/channel/release-index.ts";
import {
  channelText,
  readUpkeep,
  type Upkeep,
  upkeepText,
  writeUpkeep,
} from "../update/channel/settings.ts";
import { opensAt } from "../update/channel/window.ts";
import type { Wisher } from "./machine-desk.ts";

/** What the desk rests on. */
export interface ChannelDeskOptions {
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDirectory: string;
  readonly updateKeysDirectory: string;
  /** With the machine's proxy. */
  readonly proxyFile?: string | undefined;
  /** The release that runs. */
  readonly version: string;
}

const filePrefix = "release-";
/** Whoever sends so slowly sends nothing. */
const fetchWithinMs = 6 * 3_600_000;

/** Everything that is done about releases that a channel offers, but installing them. */
export class ChannelDesk implements AsyncDisposable {
  readonly #options: ChannelDeskOptions;
  readonly #stopping = new AbortController();
  #abort: AbortController | undefined;
  #fetching: Promise<string> | undefined;
  #progress: ReleaseChannelState<Trust>["fetching"];
  #fetchTrouble: ReleaseChannelTrouble | undefined;

  constructor(options: ChannelDeskOptions) {
    this.#options = options;
  }

  get settings(): Upkeep {
    return readUpkeep(this.#options.values);
  }

  get state(): ReleaseChannelState<Trust> {
    const { clock, values } = this.#options;
    const { settings, offered } = this;
    return {
      settings,
      lookedAt: readKnown(values, settings.channel?.url)?.lookedAt,
      trouble: settings.channel && readLookTrouble(values),
      offered: offered && {
        ...{ version: offered.version, sizeBytes: offered.sizeBytes },
        ...{ releasedAt: offered.releasedAt, notes: offered.notes },
      },
      isFetched: this.fetchedFile !== undefined,
      fetching: this.#progress,
      fetchTrouble: this.#fetchTrouble,
      windowAt: opensAt(settings.window, clock.now()),
    };
  }

  /** The release that waits. */
  get offered(): IndexedRelease | undefined {
    const { values, version } = this.#options;
    return readOffered(values, { url: this.settings.channel?.url, version });
  }

  /** Where the release that waits lies, once it is here. */
  get fetchedFile(): string | undefined {
    const { offered } = this;
    const file = offered && this.#fileOf(offered);
    return file !== undefined && existsSync(file) ? file : undefined;
  }

  /** Sets where releases are looked for, and what happens by itself. */
  async change(settings: Upkeep, by: Wisher): Promise<void> {
    const { values } = this.#options;
    const before = this.settings;
    const isElsewhere = settings.channel?.url !== before.channel?.url;
    const detail = {
      ...{ channelBefore: channelText(before), channel: channelText(settings) },
      ...{ upkeepBefore: upkeepText(before), upkeep: upkeepText(settings) },
    };
    if (isElsewhere) this.cancel();
    await this.#tell("update.channel-changed", by, detail, () => {
      writeUpkeep(values, settings);
      if (isElsewhere) forgetKnown(values);
      else forgetLookTrouble(values);
    });
  }

  /** Reads what the channel offers. @throws ChannelError; HandrailError `not-found` without one */
  async look(): Promise<void> {
    const { values, clock } = this.#options;
    const before = this.offered;
    const asked = channelText(this.settings);
    try {
      const known = await this.#read();
      writeKnown(values, known);
      const { offered } = known;
      if (!offered || offered.version === before?.version) return;
      await this.#tell("update.found", { who: "appliance" }, { version: offered.version });
    } catch (error) {
      if (error instanceof HandrailError) throw error;
      const { fault, fingerprint } = toChannelError(error);
      // Of another channel, or of an appliance that stops: nothing is wrong with this one.
      if (fault === "cancelled" || asked !== channelText(this.settings)) throw error;
      const trouble = readLookTrouble(values);
      const isTold = trouble?.fault === fault;
      const at = clock.now();
      writeLookTrouble(values, {
        ...{ fault, at, since: trouble?.since ?? at },
        ...(fingerprint === undefined ? {} : { fingerprint }),
      });
      // Told once, and again when it is for another reason: not every day.
      if (!isTold) {
        const detail = { channel: asked, because: `channel-${fault}` };
        await this.#tell("update.not-found", { who: "appliance" }, detail);
      }
      throw error;
    }
  }

  /** Begins to fetch the release that waits; `state` says how it goes. @throws HandrailError */
  beginFetch(by: Wisher): void {
    if (this.#fetching) throw new HandrailError("conflict", "it is being fetched already");
    if (!this.offered) throw new HandrailError("not-found", "no release waits");
    this.fetch(by).catch((error: unknown) => {
      this.#options.log.warn("update.not-fetched", { error });
    });
  }

  /** Fetches the release that waits, and gives its place. @throws ChannelError, HandrailError */
  async fetch(by: Wisher): Promise<string> {
    if (this.#fetching) throw new ChannelError("busy");
    const { channel } = this.settings;
    const { offered } = this;
    if (!channel || !offered) throw new HandrailError("not-found", "no release waits");
    this.#fetchTrouble = undefined;
    this.#abort = new AbortController();
    this.#fetching = this.#fetch(offered, { ...channel, ...this.#way(this.#abort.signal) });
    try {
      const file = await this.#fetching;
      const { sizeBytes, version } = offered;
      await this.#tell("update.fetched", by, { version, sizeBytes });
      return file;
    } catch (error) {
      const { fault, fingerprint } = toChannelError(error);
      if (fault !== "cancelled") this.#fetchTrouble = { fault, fingerprint };
      throw error;
    } finally {
      this.#fetching = undefined;
      this.#progress = undefined;
    }
  }

  /** Gives up what is being fetched; what has come of it stays. */
  cancel(): void {
    this.#abort?.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#fetching?.catch(() => undefined);
  }

  async #read() {
    const { channel } = this.settings;
    if (!channel) throw new HandrailError("not-found", "there is no release channel");
    const { clock, updateKeysDirectory, values, version } = this.#options;
    const line = { ...channel, ...this.#way(this.#stopping.signal) };
    const index = await readIndex(line, updateKeysDirectory);
    const before = readKnown(values, channel.url);
    if (before && index.serial < before.serial) throw new ChannelError("older-index");
    return knownOf(index, { url: channel.url, version, now: clock.now() });
  }

  async #fetch(release: IndexedRelease, line: ChannelLine): Promise<string> {
    const { version, sizeBytes } = release;
    const file = this.#fileOf(release);
    const told = (doneBytes: number) => (this.#progress = { version, doneBytes, sizeBytes });
    told(0);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    using lock = holdFile(path.join(this.#folder, "channel-lock"), 0);
    if (!lock) throw new ChannelError("busy");
    if (existsSync(file)) return file;
    await this.#clear(path.basename(file));
    const { clock } = this.#options;
    const late = clock.after(fetchWithinMs, () => this.cancel());
    await fetchRelease({ line, release, file, told }).finally(() => late[Symbol.dispose]());
    return file;
  }

  /** Removes what came of releases that nobody wants any more. */
  async #clear(wanted: string): Promise<void> {
    const names = await readdir(this.#folder);
    const old = names.filter((name) => name.startsWith(filePrefix) && !name.startsWith(wanted));
    for (const name of old) await rm(path.join(this.#folder, name), { force: true });
  }

  #way(signal: AbortSignal) {
    const { clock, proxyFile } = this.#options;
    return { clock, proxyFile, signal: AbortSignal.any([signal, this.#stopping.signal]) };
  }

  #fileOf({ sha256 }: IndexedRelease): string {
    return path.join(this.#folder, `${filePrefix}${sha256.slice(0, 16)}.hrupdate`);
  }

  get #folder(): string {
    return path.join(this.#options.dataDirectory, "update");
  }

  async #tell(event: string, by: Wisher, detail: AuditDetail, also?: () => void): Promise<void> {
    const { audit } = this.#options;
    const writing = audit.append({ event, ...by, detail }, also ? { also } : {});
    audit.flush();
    await writing;
  }
}
