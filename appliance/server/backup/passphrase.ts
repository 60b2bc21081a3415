import { openSync, readFileSync } from "node:fs";
import { ReadStream } from "node:tty";
import { BackupError } from "./backup-error.ts";
import { maxPassphraseLength, minPassphraseLength } from "./backup-key.ts";

/** Where a command gets a passphrase from: never an argument, which everybody can read. */
export interface PassphraseSource {
  /** A file, its first line. */
  readonly file?: string | undefined;
  /** The number of an open file. */
  readonly descriptor?: number | undefined;
}

/** The passphrase that opens a backup. @throws BackupError `passphrase` */
export async function readPassphrase(
  source: PassphraseSource,
  question = "Passphrase: ",
): Promise<string> {
  const given = source.file ?? source.descriptor;
  const text = given === undefined ? await ask(question) : firstLine(given);
  if (text === "" || text.length > maxPassphraseLength) {
    throw new BackupError("passphrase", "There is no passphrase, or one that is far too long.");
  }
  return text;
}

/** A passphrase for a new backup: typed twice, and not too short. @throws BackupError `passphrase` */
export async function readNewPassphrase(source: PassphraseSource): Promise<string> {
  const passphrase = await readPassphrase(source);
  if (passphrase.length < minPassphraseLength) {
    throw new BackupError(
      "passphrase",
      `The passphrase is too short: take at least ${minPassphraseLength} characters.`,
    );
  }
  if (source.file !== undefined || source.descriptor !== undefined) return passphrase;
  if ((await ask("Again: ")) === passphrase) return passphrase;
  throw new BackupError("passphrase", "The two are not the same.");
}

function firstLine(source: string | number): string {
  try {
    return readFileSync(source, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BackupError("passphrase", `The passphrase cannot be read: ${reason}`, { cause });
  }
}

/** Asks on the terminal, which shows nothing of what is typed. */
async function ask(question: string): Promise<string> {
  const terminal = openTerminal();
  process.stderr.write(question);
  terminal.setRawMode(true);
  terminal.setEncoding("utf8");
  let typed = "";
  try {
    // The terminal stays open until it shows again what is typed.
    const pieces: AsyncIterable<string> = terminal.iterator({ destroyOnReturn: false });
    for await (const text of pieces) {
      const [end] = /[\r\n\u0003\u0004]/.exec(text) ?? [];
      typed = [...(end === undefined ? text : text.slice(0, text.indexOf(end)))].reduce(
        type,
        typed,
      );
      if (end === "\u0003") throw new BackupError("passphrase", "Cancelled.");
      if (end !== undefined) break;
    }
  } finally {
    terminal.setRawMode(false);
    terminal.destroy();
    process.stderr.write("\n");
  }
  return typed;
}

function type(typed: string, character: string): string {
  const isErasing = character === "\u007f" || character === "\b";
  return isErasing ? [...typed].slice(0, -1).join("") : typed + character;
}

function openTerminal(): ReadStream {
  try {
    return new ReadStream(openSync("/dev/tty", "r"));
  } catch (cause) {
    throw new BackupError(
      "passphrase",
      "There is no terminal to ask on: name a file with --passphrase-file.",
      { cause },
    );
  }
}
