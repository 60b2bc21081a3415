import * as vscode from "vscode";
import type { Log } from "../log.ts";

/** Of documents of scripts, as the manifest declares it. */
export const scriptLanguage = "handrail-script";

/** Loads the language client, and that the language server, once a document of a script is open. */
export class Language implements vscode.Disposable {
  readonly #log: Log;
  readonly #program: string;
  readonly #subscription: vscode.Disposable;
  #running: Promise<{ stop(): Promise<void> } | undefined> | undefined;

  constructor({ extensionUri, log }: { extensionUri: vscode.Uri; log: Log }) {
    this.#log = log;
    this.#program = vscode.Uri.joinPath(extensionUri, "dist", "language-server.cjs").fsPath;
    this.#subscription = vscode.workspace.onDidOpenTextDocument((document) =>
      this.#opened(document),
    );
    for (const document of vscode.workspace.textDocuments) this.#opened(document);
  }

  dispose(): void {
    this.#subscription.dispose();
    void this.#running?.then((client) => client?.stop());
  }

  #opened({ languageId }: vscode.TextDocument): void {
    if (languageId === scriptLanguage) this.#running ??= this.#start();
  }

  async #start(): Promise<{ stop(): Promise<void> } | undefined> {
    try {
      const { startLanguage } = await import("./client.ts");
      return await startLanguage(scriptLanguage, this.#program);
    } catch (error) {
      this.#log.error("language.failed", error, {});
      return undefined;
    }
  }
}
