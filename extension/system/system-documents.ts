import { jsonOf, linesOf, markdownOf, timeText, type SystemWords } from "@handrail/protocol";
import * as vscode from "vscode";
import { calmFirst, comparisonTitle } from "./comparison.ts";
import type { Snapshot, Snapshots } from "./snapshot.ts";

const scheme = "handrail-system";

/** How a snapshot is written. `lines`: plain, to compare. */
export type Form = "md" | "json" | "txt";

/** Read-only documents of snapshots, for the editor, the preview and the diff editor. */
export class SystemDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #snapshots: Snapshots;
  readonly #words: SystemWords;
  readonly #registration: vscode.Disposable;

  constructor(snapshots: Snapshots, words: SystemWords) {
    this.#snapshots = snapshots;
    this.#words = words;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  /** Where a snapshot, or one category of it, is found. */
  uri(snapshot: Snapshot, form: Form, category = ""): vscode.Uri {
    const query = new URLSearchParams({ id: String(snapshot.id), form, category });
    return vscode.Uri.from({
      ...{ scheme, path: `/${this.fileName(snapshot)}.${form}`, query: query.toString() },
    });
  }

  /** Computer and time, as a file may be called everywhere. */
  fileName({ computer, customer, takenAt, isStart }: Snapshot): string {
    const start = isStart ? ` ${vscode.l10n.t("start of the session")}` : "";
    const name = `${computer || customer} ${timeText(takenAt, this.#words.language)}${start}`;
    return name.replace(/[\\/:*?"<>|#%]+/g, "-");
  }

  /** How the tab that compares two of them is called. */
  comparisonName(left: Snapshot, right: Snapshot): string {
    const start = vscode.l10n.t("start of the session");
    return comparisonTitle(left, right, { start, language: this.#words.language });
  }

  text(snapshot: Snapshot, form: Form, category = ""): string {
    const only = snapshot.readings.filter((reading) => reading.category === category);
    const readings = only.length > 0 ? only : snapshot.readings;
    switch (form) {
      case "md":
        return markdownOf(snapshot, this.#words, readings);
      case "txt":
        return linesOf(calmFirst(readings), this.#words);
      case "json":
        return jsonOf(snapshot);
    }
  }

  provideTextDocumentContent({ query }: vscode.Uri): string {
    const asked = new URLSearchParams(query);
    const snapshot = this.#snapshots.get(Number(asked.get("id")));
    // A tab of an earlier window: what it showed was kept in memory only.
    if (!snapshot) return vscode.l10n.t("This system information is no longer there.");
    const form = (["md", "json", "txt"] as const).find((each) => each === asked.get("form"));
    return this.text(snapshot, form ?? "txt", asked.get("category") ?? "");
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
