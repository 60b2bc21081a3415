import {
  expandScript,
  interpreterOf,
  macroNames,
  macroVariables,
  type MacroValues,
  readScript,
  variableOf,
} from "@handrail/protocol";
import * as vscode from "vscode";

const scheme = "handrail-script-test";

/**
 * A session that is none, whose customer has a difficult name on purpose: what a script does with it
 * shows whether its macros stand in quotes.
 */
export const sampleSession: MacroValues = {
  "session.lsid": "0123456789abcdef0123456789abcdef",
  "session.queue": "General",
  "session.customer.name": 'Seán O\'Brien; echo "$HOME"',
  "session.customer.computer": "SAMPLE-PC",
  "session.customer.platform": "Debian GNU/Linux 12 (bookworm)",
  "session.customer.issue": "The printer prints nothing",
  "session.representative.name": "Sample Representative",
  "site.name": "Sample Site",
};

/** What a script becomes in the sample session, with the variables that it would get. */
export function sampleText(document: string): string {
  const { text } = readScript(document);
  const { program, args } = interpreterOf(text);
  const variables = macroVariables(sampleSession);
  const lines = macroNames.map((name) => {
    const variable = variableOf(name);
    return `# ${variable}=${variables[variable] ?? ""}`;
  });
  const runs = [program, ...args].join(" ");
  return [`# ${runs}`, ...lines, "", expandScript(text)].join("\n");
}

/** Read-only documents that show what scripts become; nothing is run. */
export class SampleRuns implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) =>
        this.#changed.fire(sampleUri(uri)),
      ),
    ];
  }

  /** Shows it beside the script, and keeps it up to date. */
  async show(script: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(sampleUri(script));
    const shown = await vscode.languages.setTextDocumentLanguage(document, "shellscript");
    const viewColumn = vscode.ViewColumn.Beside;
    await vscode.window.showTextDocument(shown, { viewColumn, preserveFocus: true, preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const script = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri.query, true));
    return sampleText(script.getText());
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }
}

function sampleUri(script: vscode.Uri): vscode.Uri {
  const name = script.path.split("/").at(-1) ?? "";
  return vscode.Uri.from({ scheme, path: `/${name}.sh`, query: script.toString() });
}
