import { oneLine } from "@handrail/protocol";
import * as vscode from "vscode";
import { codeText } from "../error-text.ts";
import { RemoteShell, type ShellEnd, type ShellPlace } from "./remote-shell.ts";

const usualSize = { columns: 80, rows: 24 };
const maxTitleLength = 60;

/** What a terminal needs besides what its shell needs. */
export interface TerminalPlace extends ShellPlace {
  /** To whom or which queue this representative has transferred the session. */
  readonly givenTo: () => string | undefined;
}

/** A terminal of VS Code in which a shell of the customer's computer runs. */
export class ShellTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #named = new vscode.EventEmitter<string>();
  readonly #done = new vscode.EventEmitter<number | void>();
  readonly #name: string;
  readonly #place: TerminalPlace;
  readonly #gone: () => void;
  #shell: RemoteShell | undefined;
  #isElevated = false;
  /** Set once the shell is over: how. */
  #end: ShellEnd | undefined;

  readonly onDidWrite = this.#written.event;
  readonly onDidChangeName = this.#named.event;
  readonly onDidClose = this.#done.event;

  /** `gone`: the terminal was closed. */
  constructor(name: string, place: TerminalPlace, gone: () => void) {
    this.#name = name;
    this.#place = place;
    this.#gone = gone;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#shell = new RemoteShell(this.#place, dimensions ?? usualSize, {
      output: (text) => this.#written.fire(text),
      started: (isAgain, { isElevated }) => this.#started(isAgain, isElevated),
      titled: (title) => this.#titled(title),
      lost: (bytes) => this.#say(vscode.l10n.t("{0} bytes of output are lost", bytes)),
      interrupted: () => this.#say(vscode.l10n.t("connection lost, waiting for it to come back")),
      overfull: () => this.#say(vscode.l10n.t("too much at once for the line: not sent")),
      ended: (end) => this.#ended(end),
    });
    this.#shell.open();
  }

  close(): void {
    this.#shell?.hangUp();
    for (const each of [this.#written, this.#named, this.#done]) each.dispose();
    this.#gone();
  }

  handleInput(text: string): void {
    if (!this.#end) return this.#shell?.input(text);
    // What was shown last can be read until then.
    this.#done.fire(this.#end.by === "exit" ? this.#end.code : undefined);
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.#shell?.resize(dimensions);
  }

  #started(isAgain: boolean, isElevated: boolean): void {
    this.#isElevated = isElevated;
    if (isAgain) this.#say(vscode.l10n.t("reconnected"));
    else if (isElevated) this.#titled("");
  }

  /** The customer's computer may add to the name, and never replace it. */
  #titled(title: string): void {
    const name = this.#isElevated ? vscode.l10n.t("{0} (administrator)", this.#name) : this.#name;
    const added = oneLine(title).trim().slice(0, maxTitleLength);
    this.#named.fire(added === "" ? name : `${name} – ${added}`);
  }

  #ended(end: ShellEnd): void {
    this.#end = end;
    const to = end.by === "exit" ? undefined : this.#place.givenTo();
    this.#say(to ? vscode.l10n.t("the session was handed over to {0}", to) : endText(end));
    this.#say(vscode.l10n.t("press any key to close the terminal"));
  }

  /** A line of the console's own, dim, so that it is not taken for the computer's. */
  #say(text: string): void {
    this.#written.fire(`\r\n\u001b[0;2m[${text}]\u001b[0m\r\n`);
  }
}

function endText(end: ShellEnd): string {
  if (end.by === "exit") {
    return end.code < 0
      ? vscode.l10n.t("the shell was ended by signal {0}", -end.code)
      : vscode.l10n.t("the shell has ended with exit code {0}", end.code);
  }
  switch (end.code) {
    case "customer-refused":
      return vscode.l10n.t("the customer has taken the permission for a shell back");
    case "not-permitted":
      return vscode.l10n.t("you may no longer use a shell in this session");
    case "not-found":
      return vscode.l10n.t("the shell is no longer there");
    default:
      return codeText(end.code);
  }
}
