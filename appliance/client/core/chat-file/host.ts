import type { ChatFile, ReadAt } from "@handrail/protocol";

/** A file of the conversation that is coming in. */
export interface KeptPart {
  /** Adds bytes at its end. @throws HandrailError `disk-full` */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Puts the file where the customer looks for it, under a name that is free there, and answers the
   * path. Undefined: it is not what was announced, and nothing of it is kept.
   * @throws HandrailError `disk-full`
   */
  finish(): Promise<string | undefined>;
  /** Forgets it; nothing is left. */
  discard(): Promise<void>;
}

/** A file of this computer that is being given. */
export interface OpenFile {
  readonly sizeBytes: number;
  readonly read: ReadAt;
  close(): Promise<void>;
}

/** What a file that was chosen is, or why it cannot be sent. */
export type Looked =
  { readonly file: ChatFile } | { readonly refused: "too-large" | "unreadable"; name: string };

/** Files of the conversation on this computer. */
export interface ChatFileHost {
  /** Begins to keep a file. @throws HandrailError `disk-full` when there is no room for it */
  begin(file: ChatFile): Promise<KeptPart>;
  /** Reads a file that the customer has chosen from end to end. */
  look(path: string): Promise<Looked>;
  /**
   * Opens the very file that was looked at there. Rejects when it is there no more.
   * @throws HandrailError `conflict` when another is there, or it was written since
   */
  open(path: string): Promise<OpenFile>;
}
