import type { FileError } from "./files.ts";

/** What the codes of an operating system mean to people. Source: errno(3). */
const systemCodes: Readonly<Record<string, FileError>> = {
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

/** Why a file system refused something, by the code it gave (`ENOENT`); `disk-fault` for others. */
export function fileErrorOf(code: string): FileError {
  return systemCodes[code] ?? "disk-fault";
}
