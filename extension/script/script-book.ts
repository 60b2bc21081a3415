import { HandrailError, type ScriptSummary, toHandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { setContext } from "../context-keys.ts";
import { explaining } from "../error-text.ts";
import type { Log } from "../log.ts";
import { Signal } from "../signal.ts";
import type { Connection } from "../site/connection.ts";

/** The canned scripts that this representative sees, as the appliance has them. */
export class ScriptBook {
  readonly changed = new Signal<void>();
  readonly #link: Connection;
  readonly #log: Log;
  #scripts: readonly ScriptSummary[] = [];
  #mayEdit = false;

  constructor(link: Connection, log: Log) {
    this.#link = link;
    this.#log = log;
  }

  /** By name. */
  get scripts(): readonly ScriptSummary[] {
    return this.#scripts;
  }

  get mayEdit(): boolean {
    return this.#mayEdit;
  }

  find(id: string): ScriptSummary | undefined {
    return this.#scripts.find((script) => script.id === id);
  }

  /** Asks for the list again. An appliance that is older than scripts has none. */
  async refresh(): Promise<void> {
    try {
      const { scripts, mayEdit } = await this.#link.call("script.list", {});
      this.#set(scripts, mayEdit);
    } catch (error) {
      this.#log.info("scripts.unknown", { code: toHandrailError(error).code });
      this.#set([], false);
    }
  }

  /** Somebody else may sign in. */
  clear(): void {
    this.#set([], false);
  }

  /** @throws HandrailError `not-found` */
  read(id: string): Promise<{ document: string; revision: number }> {
    return this.#link.call("script.read", { id });
  }

  /** Keeps a document; see `script.save` of the protocol. @throws HandrailError */
  async save(wanted: { id?: string; revision: number; document: string }): Promise<ScriptSummary> {
    const faulty = vscode.l10n.t(
      "The site does not take the script as it is. See the problems that are marked in it, and whether its teams exist.",
    );
    const changed = vscode.l10n.t(
      "The script was changed by somebody else in the meantime, or its name is taken.",
    );
    const saved = await this.#link
      .call("script.save", wanted)
      .catch(explaining("bad-request", faulty))
      .catch(explaining("conflict", changed));
    await this.refresh();
    return saved;
  }

  /** @throws HandrailError `not-found`, `conflict`, `not-permitted` */
  async remove(id: string): Promise<void> {
    const revision = this.find(id)?.revision;
    if (revision === undefined) throw new HandrailError("not-found", "no such script");
    await this.#link.call("script.delete", { id, revision });
    await this.refresh();
  }

  #set(scripts: readonly ScriptSummary[], mayEdit: boolean): void {
    const byName = new Intl.Collator(vscode.env.language, { numeric: true });
    this.#scripts = [...scripts].sort((a, b) => byName.compare(a.name, b.name));
    this.#mayEdit = mayEdit;
    setContext("handrail.mayEditScripts", mayEdit);
    this.changed.fire();
  }
}
