import type { FileError } from "@handrail/protocol";

/** Something that cannot be done with a file, and why; `detail` is the system's code or empty. */
export class FileRefusal extends Error {
  readonly error: FileError;
  readonly detail: string;

  constructor(error: FileError, detail = "") {
    super(`${error} ${detail}`);
    this.name = "FileRefusal";
    this.error = error;
    this.detail = detail;
  }
}

/** What the system's codes mean to people. Source: errno(3). */
const meanings: Readonly<Record<string, FileError>> = {
  ENOENT: "not-found",
  EEXIST: "exists",
  EACCES: "no-right",
  EPERM: "no-right",
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EISDIR: "is-folder",
  ENOTDIR: "not-folder",
  ENOTEMPTY: "not-empty",
  ENAMETOOLONG: "name-too-long",
  EROFS: "read-only",
  ENOTSUP: "not-supported",
  EOPNOTSUPP: "not-supported",
  ENOSYS: "not-supported",
  ENXIO: "not-supported",
  EXDEV: "not-supported",
  EMLINK: "not-supported",
  EFBIG: "too-large",
  EINVAL: "bad-path",
  ELOOP: "too-many-links",
  EBUSY: "busy",
  ETXTBSY: "busy",
  EMFILE: "busy",
  ENFILE: "busy",
};

/** Whatever went wrong, as it is told to a console. */
export function refusalOf(fault: unknown): FileRefusal {
  if (fault instanceof FileRefusal) return fault;
  const code = codeOf(fault);
  return new FileRefusal(meanings[code] ?? "disk-fault", code.slice(0, 32));
}

/** The system's code of a fault, such as `ENOENT`; else its name. */
export function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "unknown";
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name;
}
