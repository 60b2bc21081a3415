/** Why a backup was not made, or not restored. */
export const backupFaults = [
  // Of the file.
  "not-a-backup",
  "newer",
  "wrong-passphrase",
  "damaged",
  "too-many-files",
  // Of the appliance.
  "no-space",
  "busy",
  "set-up",
  "passphrase",
  "failed",
] as const;

/** One of the reasons. */
export type BackupFault = (typeof backupFaults)[number];

/** A refusal or failure of a backup; the message is for the operator, in whole sentences. */
export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly fault: BackupFault;

  constructor(fault: BackupFault, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.fault = fault;
  }
}

const fullDisk = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** Any error as one of these. */
export function toBackupError(error: unknown): BackupError {
  if (error instanceof BackupError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  if (fullDisk.has(code) || /disk is full/.test(message)) {
    return new BackupError("no-space", "The disk is full.", { cause: error });
  }
  return new BackupError("failed", `It failed: ${message}.`, { cause: error });
}
