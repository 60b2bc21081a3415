import { releaseChannelFaults } from "@handrail/protocol/upkeep";
import { z } from "zod";
import type { ApplianceValues } from "../../store/appliance-values.ts";
import { json } from "../../store/row.ts";
import { version as ownVersion } from "../../version.ts";
import { compareVersions, versionShape } from "../release-version.ts";
import {
  type IndexedRelease,
  newestFor,
  type ReleaseIndex,
  releaseShape,
} from "./release-index.ts";
import { readUpkeep } from "./settings.ts";

/** What is kept of a channel between two looks. Times in Unix ms. */
const knownShape = z.object({
  /** Of the channel that this was learnt from. */
  url: z.string(),
  /** Of the newest index that was taken there. */
  serial: z.int(),
  lookedAt: z.number(),
  /** The newest release of it that was newer than the one that ran. */
  offered: releaseShape.optional(),
});
/** The same, read. */
export type Known = z.infer<typeof knownShape>;

const troubleShape = z.object({
  fault: z.enum(releaseChannelFaults),
  fingerprint: z.string().optional(),
  at: z.number(),
  since: z.number().optional(),
});
/** Why the last look failed; since when each one has, for whatever reason. Times in Unix ms. */
export type LookTrouble = z.infer<typeof troubleShape>;

const knownName = "release-channel-known";
const troubleName = "release-channel-trouble";
const triedName = "release-channel-tried";
const storedKnown = json(knownShape);
const storedTrouble = json(troubleShape);
const storedTried = json(versionShape);

type Values = Pick<ApplianceValues, "read">;

/** What the last good look at that channel has told. */
export function readKnown(values: Values, url: string | undefined): Known | undefined {
  const { data } = storedKnown.safeParse(values.read(knownName)?.toString());
  return data?.url === url ? data : undefined;
}

/** The release that waits: newer than `version`, which runs. */
export function readOffered(
  values: Values,
  { url, version }: { url: string | undefined; version: string },
): IndexedRelease | undefined {
  const offered = readKnown(values, url)?.offered;
  return offered && compareVersions(offered.version, version) > 0 ? offered : undefined;
}

/** What this program's health says of its channel. */
export interface KnownReleases {
  /** The version of the release that waits. */
  readonly waiting?: string | undefined;
  /** Since when the channel, which is looked at every day, cannot be read. */
  readonly channelUnreadSince?: number | undefined;
}

/** Reads what is known of this program's channel. */
export function knownReleases(values: Values): KnownReleases {
  const { channel, looksDaily } = readUpkeep(values);
  return {
    waiting: readOffered(values, { url: channel?.url, version: ownVersion })?.version,
    // One that is looked at by hand is nobody's business until then.
    channelUnreadSince: channel && looksDaily ? readLookTrouble(values)?.since : undefined,
  };
}

/** What is known after a look. */
export function knownOf(
  index: ReleaseIndex,
  { url, version, now }: { url: string; version: string; now: number },
): Known {
  const platform = `${process.platform}-${process.arch}`;
  const offered = newestFor(index, { version, platform });
  return { url, serial: index.serial, lookedAt: now, ...(offered ? { offered } : {}) };
}

/** Part of the caller's transaction, as the others that write. */
export function writeKnown(values: ApplianceValues, known: Known): void {
  values.write(knownName, Buffer.from(JSON.stringify(known)));
  values.remove(troubleName);
}

/** Why the last look failed, where it did. */
export function readLookTrouble(values: Values): LookTrouble | undefined {
  return storedTrouble.safeParse(values.read(troubleName)?.toString()).data;
}

/** Keeps why a look failed. */
export function writeLookTrouble(values: ApplianceValues, trouble: LookTrouble): void {
  values.write(troubleName, Buffer.from(JSON.stringify(trouble)));
}

/** The channel is asked in another way: what went wrong before says nothing. */
export function forgetLookTrouble(values: ApplianceValues): void {
  values.remove(troubleName);
}

/** Another channel: nothing is known of it. */
export function forgetKnown(values: ApplianceValues): void {
  for (const name of [knownName, troubleName, triedName]) values.remove(name);
}

/** The release that the appliance has begun to install by itself: it tries each once. */
export function readTried(values: Values): string | undefined {
  return storedTried.safeParse(values.read(triedName)?.toString()).data;
}

/** Keeps which one that was. */
export function writeTried(values: ApplianceValues, version: string): void {
  values.write(triedName, Buffer.from(JSON.stringify(version)));
}
