import type { FileKind } from "@handrail/protocol";
import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { isCancelled } from "../error-text.ts";
import type { Mount } from "./mounts.ts";
import { refusalText } from "./refusal-text.ts";
import { nameOf, parentOf, type RemotePath } from "./remote-path.ts";

/** Found paths at most; who needs more asks more exactly. */
const mostFound = 1_000;
/** So long nothing may be typed before it is looked for, ms. */
const settleMs = 400;
/** Found paths are shown so often, ms. */
const showEveryMs = 150;
const minLength = 2;

/** Something that was found and chosen. */
export interface FoundPath {
  readonly path: RemotePath;
  readonly kind: FileKind;
}

type Item = vscode.QuickPickItem & { readonly found?: FoundPath };

/** Looks for names below a folder while they are typed; gives what is chosen. */
export class NameSearch {
  readonly #mount: Mount;
  readonly #folder: RemotePath;
  readonly #pick = vscode.window.createQuickPick<Item>();
  #items: Item[] = [];
  #stop: AbortController | undefined;
  #due: NodeJS.Timeout | undefined;
  #shown: NodeJS.Timeout | undefined;

  constructor(mount: Mount, folder: RemotePath) {
    this.#mount = mount;
    this.#folder = folder;
  }

  /** Resolves with what was chosen, undefined when nothing was. */
  async run(): Promise<FoundPath | undefined> {
    const pick = this.#pick;
    pick.title = vscode.l10n.t("Search in {0} on {1}", this.#folder, this.#mount.name);
    pick.placeholder = vscode.l10n.t("Part of a name, or all of it with * and ?");
    const chosen = await new Promise<FoundPath | undefined>((resolve) => {
      pick.onDidChangeValue((value) => this.#typed(value.trim()));
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.found));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    this.#end();
    pick.dispose();
    return chosen;
  }

  #typed(pattern: string): void {
    this.#end();
    this.#items = [];
    this.#pick.items = [];
    this.#pick.busy = pattern.length >= minLength;
    if (pattern.length < minLength) return;
    this.#due = setTimeout(() => void this.#search(pattern), settleMs);
  }

  async #search(pattern: string): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    const found = (paths: readonly FoundPath[]) => {
      this.#items.push(...paths.map(itemOf));
      this.#shown ??= setTimeout(() => this.#show(), showEveryMs);
    };
    const { signal } = stop;
    const asked = { folder: this.#folder, pattern, most: mostFound, found, signal };
    let note: string | undefined;
    try {
      const isCut = await this.#mount.disk.search(asked);
      if (isCut) note = vscode.l10n.t("There may be more: search more exactly, or in a folder.");
      else if (this.#items.length === 0) note = vscode.l10n.t("Nothing was found.");
    } catch (error) {
      if (isCancelled(error)) return;
      note = refusalText(error);
    }
    if (note !== undefined) this.#items.push({ label: note, alwaysShow: true });
    this.#show();
    this.#pick.busy = false;
  }

  #show(): void {
    this.#shown = undefined;
    // What has the focus stays where it is.
    this.#pick.keepScrollPosition = true;
    this.#pick.items = [...this.#items];
  }

  #end(): void {
    clearTimeout(this.#due);
    clearTimeout(this.#shown);
    this.#shown = undefined;
    this.#stop?.abort(new HandrailError("cancelled", "something else is searched for"));
  }
}

function itemOf(found: FoundPath): Item {
  const { path, kind } = found;
  return {
    label: nameOf(path),
    description: parentOf(path),
    iconPath: new vscode.ThemeIcon(kind === "folder" ? "folder" : "file"),
    // VS Code's own filter knows no * and ?.
    alwaysShow: true,
    found,
  };
}
