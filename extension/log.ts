import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";

/** Facts of a log line: never a key, a token, chat or what was typed. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the console writes what an operator may need. Events are past tense: `link.opened`. */
export interface Log {
  debug(event: string, facts?: Facts): void;
  info(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts): void;
  /** A fault, with its chain of causes. */
  error(event: string, error: unknown, facts?: Facts): void;
}

/** The log in VS Code's Output panel, "Handrail". */
export class OutputLog implements Log, vscode.Disposable {
  readonly #channel = vscode.window.createOutputChannel("Handrail", { log: true });

  debug(event: string, facts: Facts = {}): void {
    this.#channel.debug(line(event, facts));
  }

  info(event: string, facts: Facts = {}): void {
    this.#channel.info(line(event, facts));
  }

  warn(event: string, facts: Facts = {}): void {
    this.#channel.warn(line(event, facts));
  }

  error(event: string, error: unknown, facts: Facts = {}): void {
    this.#channel.error(line(event, { ...facts, error: chain(error) }));
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}

function line(event: string, facts: Facts): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [event, ...known.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" ");
}

function chain(error: unknown): string {
  const texts: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    texts.push(at instanceof HandrailError ? `${at.code}: ${at.message}` : at.message);
  }
  return texts.length > 0 ? texts.join(" <- ") : String(error);
}
