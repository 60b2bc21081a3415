import { z } from "zod";

/** What takes room on the appliance. Files of the chat pass through it and are not among them. */
export const storageKinds = [
  "recordings",
  "shells",
  "snapshots",
  "database",
  "backups",
  "releases",
  "logs",
  "other",
] as const;
/** One of them. */
export type StorageKind = (typeof storageKinds)[number];

/** A disk, bytes; `freeBytes` is what may still be written. */
export const diskShape = z.object({ freeBytes: z.number(), totalBytes: z.number() });
/** The same, read. */
export type Disk = z.infer<typeof diskShape>;

/** What one kind takes. The times are of its oldest and newest file, Unix ms. */
export const storageUseShape = z.object({
  kind: z.enum(storageKinds),
  files: z.int(),
  sizeBytes: z.number(),
  oldestAt: z.number().optional(),
  newestAt: z.number().optional(),
});
/** The same, read. */
export type StorageUse = z.infer<typeof storageUseShape>;

const days = z.int().min(1).max(36_500);

/**
 * How long the site keeps what sessions leave behind. What is absent is kept for ever, and nothing
 * is deleted for the sake of room; records of sessions and the audit log are never deleted.
 */
export const retentionShape = z.strictObject({
  /** Recordings of screens and shells, days from the end of the session. */
  recordingDays: days.optional(),
  /** Snapshots of computers, the same. */
  snapshotDays: days.optional(),
  /** The oldest go while less is free than that, in units of 10⁹ bytes. */
  minimumFreeGigabytes: z.int().min(1).max(100_000).optional(),
});
/** The same, read. */
export type RetentionSettings = z.infer<typeof retentionShape>;

/** That something of a session was deleted: when, Unix ms, and after how many days it was due. */
export const removalShape = z.object({
  at: z.number(),
  /** Absent where the disk needed the room. */
  keepDays: z.int().optional(),
});
/** The same, read. */
export type Removal = z.infer<typeof removalShape>;
