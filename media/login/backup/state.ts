import type { en } from "./texts.ts";

/** Why a backup was not made, or not restored. */
export type BackupFault = keyof (typeof en)["faults"];

/** How often backups are made by themselves. */
export const backupRhythms = ["off", "daily", "weekly"] as const;

/** When that is. `minuteOfDay` counts from midnight at the appliance; `weekday` 0 is Sunday. */
export interface BackupSchedule {
  readonly every: (typeof backupRhythms)[number];
  readonly minuteOfDay: number;
  readonly weekday: number;
  readonly keep: number;
  readonly withRecordings: boolean;
}

/** A backup that lies on the appliance. */
export interface KeptBackup {
  readonly name: string;
  readonly sizeBytes: number;
  readonly madeAt: number;
}

/** What is known of backups. Times in Unix ms. */
export interface BackupState {
  readonly backups: readonly KeptBackup[];
  readonly isWorking: boolean;
  readonly last?: { readonly at: number; readonly name?: string; readonly fault?: BackupFault };
  readonly schedule: BackupSchedule;
  readonly nextAt?: number;
  /** Whether the schedule has a passphrase. */
  readonly hasKey: boolean;
  readonly folder: string;
  readonly freeBytes: number;
}

/** A new schedule. */
export interface ScheduleRequest {
  readonly schedule: BackupSchedule;
  readonly passphrase?: string;
}

/** Shortest passphrase that the appliance takes. */
export const minPassphraseLength = 12;
/** Longest. */
export const maxPassphraseLength = 1024;
