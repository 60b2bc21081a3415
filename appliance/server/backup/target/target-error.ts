import type { BackupTargetFault } from "@handrail/protocol/upkeep";
import { toLineError } from "../../line/line-error.ts";
import { toBackupError } from "../backup-error.ts";

/** Why nothing can be done at a target. `fingerprint`: of a key or certificate that it showed. */
export class TargetError extends Error {
  override readonly name = "TargetError";
  readonly fault: BackupTargetFault;
  readonly fingerprint: string | undefined;

  constructor(
    fault: BackupTargetFault,
    options: { cause?: unknown; fingerprint?: string | undefined } = {},
  ) {
    super(`backup target: ${fault}`, { cause: options.cause });
    this.fault = fault;
    this.fingerprint = options.fingerprint;
  }
}

/** Any error as one of these. */
export function toTargetError(error: unknown): TargetError {
  if (error instanceof TargetError) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new TargetError("cancelled", { cause: error });
  }
  if (toBackupError(error).fault === "no-space") {
    return new TargetError("no-space", { cause: error });
  }
  const { fault, fingerprint } = toLineError(error);
  return new TargetError(fault, { cause: error, fingerprint });
}
