import {
  type Lsid,
  maxScriptNameLength,
  newScript,
  oneLine,
  renameScript,
  type ScriptSummary,
} from "@handrail/protocol";
import * as vscode from "vscode";
import type { CommandTable } from "../commands.ts";
import { Language } from "../language/language.ts";
import type { Log } from "../log.ts";
import { Runbooks } from "../runbook/runbooks.ts";
import { ScriptBook } from "./script-book.ts";
import { SampleRuns } from "./sample-run.ts";
import { ScriptDesk, type ScriptPlace } from "./script-desk.ts";
import { ScriptFiles, scriptIdOf, scriptUri } from "./script-files.ts";
import { ScriptTerminal } from "./script-terminal.ts";
import { scriptOf, ScriptTree } from "./script-tree.ts";

type ScriptCommands = Pick<
  CommandTable,
  Extract<keyof CommandTable, `handrail.script.${string}` | `handrail.runbook.${string}`>
>;

/** What a representative does with canned scripts and runbooks. */
export class Scripts implements vscode.Disposable {
  readonly #book: ScriptBook;
  readonly #desk: ScriptDesk;
  readonly #samples = new SampleRuns();
  readonly #runbooks: Runbooks;
  readonly #disposables: vscode.Disposable[];

  constructor(place: ScriptPlace & { readonly log: Log; readonly extensionUri: vscode.Uri }) {
    this.#book = new ScriptBook(place.link, place.log);
    this.#desk = new ScriptDesk(place);
    this.#runbooks = new Runbooks(this.#desk, place.board);
    this.#disposables = [
      this.#samples,
      this.#runbooks,
      new ScriptFiles(this.#book),
      new ScriptTree(this.#book),
      new Language(place),
    ];
  }

  /** The scripts have changed, or the link is new. */
  async refresh(): Promise<void> {
    await this.#book.refresh();
  }

  /** Somebody else may sign in. */
  clear(): void {
    this.#book.clear();
  }

  /** `sessionOf`: which session a command is called for. */
  commands(sessionOf: (target: unknown) => Promise<Lsid | undefined>): ScriptCommands {
    const withScript =
      (title: () => string, act: (script: ScriptSummary) => Promise<unknown>) =>
      async (target?: unknown) => {
        const script = await this.#scriptOf(target, title());
        if (script) await act(script);
      };
    const { l10n } = vscode;
    const running = (isElevated: boolean) => async (target?: unknown) => {
      const script = await this.#scriptOf(target, l10n.t("Run which script?"));
      const lsid = script && (await sessionOf(target));
      if (script && lsid) this.#run(script, lsid, isElevated);
    };
    return {
      "handrail.script.new": () => this.#create(),
      "handrail.script.open": withScript(
        () => l10n.t("Open which script?"),
        async (script) => vscode.window.showTextDocument(scriptUri(script)),
      ),
      "handrail.script.rename": withScript(
        () => l10n.t("Rename which script?"),
        (script) => this.#rename(script),
      ),
      "handrail.script.delete": withScript(
        () => l10n.t("Delete which script?"),
        (script) => this.#delete(script),
      ),
      "handrail.script.run": running(false),
      "handrail.script.runElevated": running(true),
      "handrail.script.test": withScript(
        () => l10n.t("Test which script?"),
        (script) => this.#samples.show(scriptUri(script)),
      ),
      "handrail.runbook.new": () => this.#runbooks.create(),
      "handrail.runbook.keep": () => this.#runbooks.keep(),
      "handrail.runbook.runElevated": (target) => this.#runbooks.runElevated(target),
    };
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  async #create(): Promise<void> {
    const name = await askName(vscode.l10n.t("New script"), "");
    if (name === undefined) return;
    const document = newScript(name, {
      description: vscode.l10n.t("Say here what the script does"),
      category: vscode.l10n.t("General"),
    });
    const saved = await this.#book.save({ revision: 0, document });
    await vscode.window.showTextDocument(scriptUri(saved));
  }

  /** Tabs of the script are opened anew under its new name. */
  async #rename(script: ScriptSummary): Promise<void> {
    const { id } = script;
    const name = await askName(vscode.l10n.t("Rename {0}", script.name), script.name);
    if (name === undefined || name === script.name) return;
    const open = vscode.workspace.textDocuments.filter(({ uri }) => scriptIdOf(uri) === id);
    // What was not saved would be lost with its tab.
    for (const document of open) if (document.isDirty && !(await document.save())) return;
    const { document, revision } = await this.#book.read(id);
    const renamed = { id, revision, document: renameScript(document, name) };
    const saved = await this.#book.save(renamed);
    const tabs = tabsOf(id);
    for (const { group } of tabs) {
      const options = { viewColumn: group.viewColumn, preview: false };
      await vscode.window.showTextDocument(scriptUri(saved), options);
    }
    await vscode.window.tabGroups.close(tabs);
  }

  async #delete({ id, name }: ScriptSummary): Promise<void> {
    const action = vscode.l10n.t("Delete");
    const question = vscode.l10n.t("Delete the script {0} for everyone?", name);
    const chosen = await vscode.window.showWarningMessage(question, { modal: true }, action);
    if (chosen !== action) return;
    await this.#book.remove(id);
    await vscode.window.tabGroups.close(tabsOf(id));
  }

  #run({ id, name, needs, sha256 }: ScriptSummary, lsid: Lsid, isElevated: boolean): void {
    const { customer } = this.#desk.session(lsid);
    const wanted = { source: { script: id }, name, needs, sha256, isElevated };
    const pty = new ScriptTerminal((listener, signal) =>
      this.#desk.run(lsid, wanted, { listener, signal }),
    );
    const iconPath = new vscode.ThemeIcon(isElevated ? "shield" : "file-code");
    const color = new vscode.ThemeColor(isElevated ? "terminal.ansiRed" : "terminal.ansiMagenta");
    const plain = `${name} – ${customer.computer || customer.name}`;
    const title = isElevated ? vscode.l10n.t("{0} (administrator)", plain) : plain;
    vscode.window.createTerminal({ name: title, pty, iconPath, color }).show();
  }

  /** Of the row or the document that a command is called for, else of the editor in front. */
  async #scriptOf(target: unknown, title: string): Promise<ScriptSummary | undefined> {
    const uri =
      target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
    const here = scriptOf(target) ?? this.#book.find((uri && scriptIdOf(uri)) ?? "");
    if (here) return here;
    const { scripts } = this.#book;
    if (scripts.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("There are no scripts yet."));
      return undefined;
    }
    const picked = await vscode.window.showQuickPick(
      scripts.map((script) => ({
        label: script.name,
        description: script.categories.join(", "),
        detail: script.description,
        script,
      })),
      { title, matchOnDescription: true, matchOnDetail: true },
    );
    return picked?.script;
  }
}

/** The tabs in which a script is open. */
function tabsOf(id: string): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input }) => input instanceof vscode.TabInputText && scriptIdOf(input.uri) === id,
  );
}

async function askName(title: string, value: string): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    ...{ title, value, prompt: vscode.l10n.t("Name of the script") },
    validateInput: (typed) => {
      const line = oneLine(typed);
      const isGood = line !== "" && line.length <= maxScriptNameLength && !/[/\\]|^\./.test(line);
      if (isGood) return undefined;
      return vscode.l10n.t("At most {0} characters, without / and \\", maxScriptNameLength);
    },
  });
  return name === undefined ? undefined : oneLine(name);
}
