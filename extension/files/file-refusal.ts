import { type ErrorCode, type FileError, fileErrorOf, HandrailError } from "@handrail/protocol";

/** What more there is to say of a refusal. */
export interface RefusalOptions {
  /** This computer's disk refused, and not the customer's. */
  readonly isHere?: boolean;
  readonly cause?: unknown;
}

/** What the customer's computer, or this one, could not do with a file. */
export class FileRefusal extends HandrailError {
  readonly reason: FileError;
  /** The operating system's own code, such as `EIO`; may be empty. */
  readonly detail: string;
  readonly isHere: boolean;

  constructor(reason: FileError, detail: string, options: RefusalOptions = {}) {
    super(codes[reason], `${reason} ${detail}`.trim(), { cause: options.cause });
    this.name = "FileRefusal";
    this.reason = reason;
    this.detail = detail;
    this.isHere = options.isHere ?? false;
  }
}

const codes: Readonly<Record<FileError, ErrorCode>> = {
  "not-found": "not-found",
  exists: "conflict",
  "no-right": "not-permitted",
  "disk-full": "disk-full",
  "is-folder": "conflict",
  "not-folder": "conflict",
  "not-empty": "conflict",
  changed: "conflict",
  "name-too-long": "bad-request",
  "read-only": "not-permitted",
  "not-supported": "bad-request",
  "too-large": "frame-too-large",
  "bad-path": "bad-request",
  "too-many-links": "bad-request",
  busy: "unavailable",
  "disk-fault": "internal",
  "not-answering": "unavailable",
};

/** The code that Node gives to what an operating system refuses. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** A refusal of this computer's file system in the words that the customer's has; others stay. */
export function localRefusal(error: unknown): unknown {
  if (error instanceof HandrailError) return error;
  const code = codeOf(error);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new FileRefusal(fileErrorOf(code), code, { isHere: true, cause: error });
}
