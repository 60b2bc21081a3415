import type { ScriptOrder, ScriptPlatform } from "@handrail/protocol";

/** What a script that runs is told to do, and whom it tells. */
export interface ScriptStart {
  readonly order: Pick<ScriptOrder, "text" | "variables">;
  /** What it writes; the bytes may be kept. */
  readonly output: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  /** Over, with all that it started; as `ended` of the wire gives it. Called once. */
  readonly exited: (code: number) => void;
}

/** A script that runs. After its end every call is harmless. */
export interface ScriptProcess {
  /** Path of what runs it. */
  readonly program: string;
  /** Reads no more of what it writes, so that it soon has to wait. */
  pause(): void;
  resume(): void;
  /** Ends the script and all that it has started, at the latest in a few seconds. */
  end(): void;
  /** The same at once: nothing of it may go on. */
  kill(): void;
}

/** What can run scripts on this computer. */
export interface ScriptHost {
  /** What this computer is. */
  readonly platform: ScriptPlatform;
  /** @throws Error when the script cannot be started */
  start(start: ScriptStart): ScriptProcess;
}
