/** Why an update was not installed, or not kept. */
export const updateFaults = [
  // Of the bundle.
  "not-a-bundle",
  "not-signed",
  "forged",
  "damaged",
  "other-platform",
  "same-version",
  "older-version",
  // Of the appliance.
  "no-keys",
  "newer-database",
  "no-space",
  "busy",
  "not-installed",
  "nothing-before",
  // Of the attempt.
  "did-not-stop",
  "database-copy",
  "not-healthy",
  "interrupted",
  "failed",
] as const;

/** One of the reasons. */
export type UpdateFault = (typeof updateFaults)[number];

/** A refusal or failure of an update; the message is for the operator, in whole sentences. */
export class UpdateError extends Error {
  override readonly name = "UpdateError";
  readonly fault: UpdateFault;

  constructor(fault: UpdateFault, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.fault = fault;
  }
}

/** Any error as one of these. */
export function toUpdateError(error: unknown): UpdateError {
  if (error instanceof UpdateError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") {
    return new UpdateError("no-space", "The disk is full.", { cause: error });
  }
  return new UpdateError("failed", `It failed: ${reason}.`, { cause: error });
}
