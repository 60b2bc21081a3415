import { type FileError, fileErrorOf } from "@handrail/protocol";

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

/** Whatever went wrong, as it is told to a console. */
export function refusalOf(fault: unknown): FileRefusal {
  if (fault instanceof FileRefusal) return fault;
  const code = codeOf(fault);
  return new FileRefusal(fileErrorOf(code), code.slice(0, 32));
}

/** The system's code of a fault, such as `ENOENT`; else its name. */
export function codeOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "unknown";
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name;
}
