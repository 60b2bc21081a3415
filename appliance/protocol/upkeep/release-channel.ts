/** When the appliance may restart by itself: days on which it begins, and from when to when. */
export interface MaintenanceWindow {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight, in the appliance's time zone. */
  readonly fromMinute: number;
  /** The same; when it is less than `fromMinute`, the window ends on the day after. */
  readonly toMinute: number;
}

/** What happens by itself, and what waits for somebody. */
export const upkeepWays = ["never", "in-window"] as const;
/** One of these. */
export type UpkeepWay = (typeof upkeepWays)[number];

/** Where releases are looked for, and what the appliance does about them by itself. */
export interface UpkeepSettings<Trust> {
  /** The folder of a release channel, https://HOST/FOLDER/, and whose certificate is trusted. */
  readonly channel?: { readonly url: string; readonly trust: Trust } | undefined;
  readonly looksDaily: boolean;
  /** Of new releases. */
  readonly installs: UpkeepWay;
  /** Of the machine, when what was installed needs it. */
  readonly restarts: UpkeepWay;
  readonly window: MaintenanceWindow;
}

/** What can be wrong with a release channel, or on the way to it. */
export const releaseChannelFaults = [
  ...(["unknown-name", "refused", "unreachable", "timeout", "lost"] as const),
  ...(["untrusted", "other-certificate", "no-tls", "proxy"] as const),
  /** There is no index, or no signature of it. */
  "no-index",
  /** Nobody whom the appliance trusts has signed the index. */
  "forged",
  "damaged-index",
  /** An older index than one that was taken before. */
  "older-index",
  /** The appliance has no key to check it with. */
  "no-keys",
  /** The release's file is not there. */
  "no-bundle",
  /** The file is not the one that the index names. */
  "damaged-bundle",
  "rejected",
  /** Of the appliance's own disk. */
  "no-space",
  "busy",
  "cancelled",
] as const;
/** One of these. */
export type ReleaseChannelFault = (typeof releaseChannelFaults)[number];

/** Why something with a channel failed. `fingerprint`: of a certificate that it showed. */
export interface ReleaseChannelTrouble {
  readonly fault: ReleaseChannelFault;
  readonly fingerprint?: string | undefined;
}

/** A release that a channel offers. `releasedAt` in Unix ms. */
export interface OfferedRelease {
  readonly version: string;
  readonly sizeBytes: number;
  readonly releasedAt: number;
  /** What is new, as plain text; may be empty. */
  readonly notes: string;
}

/** How it stands with the channel. Times in Unix ms. */
export interface ReleaseChannelState<Trust> {
  readonly settings: UpkeepSettings<Trust>;
  /** When the channel was last read well. */
  readonly lookedAt?: number | undefined;
  /** Why the last look failed. */
  readonly trouble?: (ReleaseChannelTrouble & { readonly at: number }) | undefined;
  /** The newest release that is newer than the one that runs. */
  readonly offered?: OfferedRelease | undefined;
  /** Whether that lies on the appliance, whole. */
  readonly isFetched: boolean;
  readonly fetching?:
    | { readonly version: string; readonly doneBytes: number; readonly sizeBytes: number }
    | undefined;
  /** Why the last one could not be fetched. */
  readonly fetchTrouble?: ReleaseChannelTrouble | undefined;
  /** When the maintenance window is open next, or since when it is. */
  readonly windowAt: number;
}

/** What is known of Debian's own updates. Times in Unix ms. */
export interface DebianUpdates {
  /** When security updates were last looked for and installed. */
  readonly lastRunAt?: number | undefined;
  /** What that installed at last. */
  readonly installed?: { readonly at: number; readonly packages: readonly string[] } | undefined;
  /** Security updates that are known and not installed; absent while nobody has looked. */
  readonly waiting?: readonly string[] | undefined;
  readonly restart: { readonly isNeeded: boolean; readonly packages: readonly string[] };
}
