import type { ChatFile } from "../tool/chat-file.ts";
import type { ChatMessage } from "./state.ts";

/** The words and times of a transcript, in the reader's language. */
export interface TranscriptWords {
  /** First lines: of which session it is. */
  readonly heading: readonly string[];
  /** What the appliance itself is called. */
  readonly system: string;
  /** Before the address of a page that was offered. */
  readonly offered: string;
  /** A file that was announced: its name, size and hash. */
  readonly file: (file: ChatFile) => string;
  readonly moment: (at: number) => string;
}

/**
 * A conversation as plain text, a message to a paragraph. All lines of a message but its first are
 * indented, so that none of them passes for a message of somebody else.
 */
export function transcript(chat: readonly ChatMessage[], words: TranscriptWords): string {
  const lines = chat.map(({ from, text, at, url, file }) => {
    const name = from.kind === "system" ? words.system : from.name;
    const plain = url === undefined ? text : `${words.offered} ${url}`;
    const said = file ? words.file(file) : plain;
    const body = said.split(/\r\n|[\n\r\v\f\u{85}\u{2028}\u{2029}]/u).join("\n    ");
    return `[${words.moment(at)}] ${name}: ${body}`;
  });
  return [...words.heading, "", ...lines, ""].join("\n");
}
