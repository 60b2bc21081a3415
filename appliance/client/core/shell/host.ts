/** Size of a terminal in characters, each at least 1. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** What a shell that runs in a terminal is told to do, and whom it tells. */
export interface ShellStart {
  readonly size: TerminalSize;
  /** What the shell's own marks carry, so that no output of a program passes for one. */
  readonly nonce: string;
  /** What the terminal is to show, as it is, marks included. The bytes may be kept. */
  readonly output: (bytes: Uint8Array) => void;
  /** It has ended and all of its output was told; as `exited` of the wire gives it. */
  readonly exited: (code: number) => void;
}

/** A shell that runs in a terminal of its own. After its end every call is harmless. */
export interface ShellProcess {
  /** Its path. */
  readonly program: string;
  /** It runs with an administrator's rights. */
  readonly isElevated: boolean;
  /** Types the bytes, after those of earlier calls; `taken`: the terminal has them, or is gone. */
  write(bytes: Uint8Array, taken: () => void): void;
  resize(size: TerminalSize): void;
  /** Reads no more of what it writes, so that it soon has to wait. */
  pause(): void;
  resume(): void;
  /** Closes the terminal, and tells all that runs in it (SIGHUP); what stays is killed. */
  hangUp(): void;
}

/** What can open shells on this computer. */
export interface ShellHost {
  /** Random, for marks and numbers; 16 bytes in hex. */
  nonce(): string;
  /** @throws Error when no shell can be started */
  start(start: ShellStart): ShellProcess;
}
