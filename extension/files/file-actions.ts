import { HandrailError, pathBytes } from "@handrail/protocol";
import * as vscode from "vscode";
import { explained } from "../error-text.ts";
import { change, makeFolder } from "./disk-change.ts";
import { pathIn } from "./disk.ts";
import type { PlaceNode } from "./file-node.ts";
import { FileRefusal } from "./file-refusal.ts";
import { uriOf } from "./file-uri.ts";
import type { Mount, Mounts } from "./mounts.ts";
import { refusalText } from "./refusal-text.ts";
import { isName, isWithin, nameOf, normalised, parentOf, type RemotePath } from "./remote-path.ts";
import { saveWhole } from "./whole-file.ts";

/** Whoever shows what has just been changed. */
export type ChangeListener = (mount: Mount, paths: readonly RemotePath[]) => void;

/** What changes a customer's disk at a command, with the questions that belong to it. */
export class FileActions {
  readonly #mounts: Mounts;
  readonly #changed: ChangeListener;

  constructor(mounts: Mounts, changed: ChangeListener) {
    this.#mounts = mounts;
    this.#changed = changed;
  }

  /** Makes an empty file and opens it. */
  async newFile(mount: Mount, folder: RemotePath): Promise<void> {
    const name = await askName(vscode.l10n.t("New file in {0}", folder));
    if (name === undefined) return;
    const path = pathIn(folder, name);
    const none = new Uint8Array();
    await this.#write(mount, [path], async () => {
      await saveWhole(mount.writes, { path, content: none, condition: "absent", version: none });
    });
    await vscode.commands.executeCommand("vscode.open", uriOf(mount, path));
  }

  async newFolder(mount: Mount, folder: RemotePath): Promise<void> {
    const name = await askName(vscode.l10n.t("New folder in {0}", folder));
    if (name === undefined) return;
    const path = pathIn(folder, name);
    await this.#write(mount, [path], async () => {
      if (!(await makeFolder(mount.writes, path, { mode: 0o755 }))) {
        throw new FileRefusal("exists", "");
      }
    });
  }

  async rename({ mount, path }: PlaceNode): Promise<void> {
    const old = nameOf(path);
    const name = await askName(vscode.l10n.t("Rename {0}", old), old);
    if (name === undefined || name === old) return;
    await this.#write(mount, [path], () => move(mount, path, pathIn(parentOf(path), name)));
  }

  /** Moves several things into a folder, after asking. */
  async move(mount: Mount, paths: readonly RemotePath[], folder: RemotePath): Promise<void> {
    const moved = paths.filter((path) => parentOf(path) !== folder && path !== folder);
    const [first] = moved;
    if (first === undefined) return;
    const question =
      moved.length === 1
        ? vscode.l10n.t("Move {0} to {1} on {2}?", nameOf(first), folder, mount.name)
        : vscode.l10n.t("Move {0} items to {1} on {2}?", moved.length, folder, mount.name);
    if (!(await confirm(question, "", vscode.l10n.t("Move")))) return;
    await this.#write(mount, moved, async () => {
      for (const path of moved) {
        if (isWithin(folder, path)) throw new FileRefusal("bad-path", "");
        await move(mount, path, pathIn(folder, nameOf(path)));
      }
    });
  }

  /** Deletes for good, after asking what and where. */
  async remove(nodes: readonly PlaceNode[]): Promise<void> {
    const [first] = nodes;
    if (!first) return;
    const { mount } = first;
    const place = vscode.l10n.t("{0} on {1}", parentOf(first.path), mount.name);
    const question =
      nodes.length === 1
        ? vscode.l10n.t("Delete {0} from {1}?", nameOf(first.path), place)
        : vscode.l10n.t("Delete {0} items from {1}?", nodes.length, place);
    const names = nodes.map(({ path }) => nameOf(path)).slice(0, 10);
    const hasFolder = nodes.some(({ kind }) => kind === "folder");
    const warning = hasFolder
      ? vscode.l10n.t("Folders go with everything that is in them. This cannot be undone.")
      : vscode.l10n.t("This cannot be undone.");
    const detail = nodes.length === 1 ? warning : [...names, warning].join("\n");
    if (!(await confirm(question, detail, vscode.l10n.t("Delete")))) return;
    const paths = nodes.map(({ path }) => path);
    await this.#write(mount, paths, async () => {
      for (const path of paths) {
        await change(mount.writes, { type: "remove", path: pathBytes(path), isRecursive: true });
        await closeTabs(uriOf(mount, path));
      }
    });
  }

  /** Changes the disk once that is allowed; a refusal names what it was about. */
  async #write(
    mount: Mount,
    paths: readonly RemotePath[],
    act: () => Promise<void>,
  ): Promise<void> {
    await this.#mounts.permitWrites(mount.lsid);
    const title = vscode.l10n.t("Changing files on {0}", mount.name);
    try {
      // Long ones only: what is done at once shows nothing.
      await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, act);
    } catch (error) {
      throw withPath(error, paths);
    } finally {
      this.#changed(mount, paths);
    }
  }
}

/** A refusal that says which file it is about. */
export function withPath(error: unknown, paths: readonly RemotePath[]): unknown {
  if (!(error instanceof HandrailError) || error.code === "cancelled") return error;
  const [first] = paths;
  const text = refusalText(error);
  const named = first === undefined || paths.length > 1 ? text : `${nameOf(first)}: ${text}`;
  return explained(error.code, named, error);
}

async function move(mount: Mount, path: RemotePath, to: RemotePath): Promise<void> {
  const message = { path: pathBytes(path), to: pathBytes(to), isOverwriting: false };
  await change(mount.writes, { type: "rename", ...message });
  await followTabs(uriOf(mount, path), uriOf(mount, to));
}

/** Editors with nothing unsaved of the files that `isMeant` says. */
function savedTabs(isMeant: (file: vscode.Uri) => boolean): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input, isDirty }) => !isDirty && input instanceof vscode.TabInputText && isMeant(input.uri),
  );
}

/** Editors of a file that is gone go too, and of what was in a folder that is; unsaved ones stay. */
async function closeTabs(gone: vscode.Uri): Promise<void> {
  const inFolder = gone.with({ path: `${gone.path}/` }).toString();
  const isGone = (file: vscode.Uri) =>
    file.toString() === gone.toString() || file.toString().startsWith(inFolder);
  await vscode.window.tabGroups.close(savedTabs(isGone), true);
}

/** Editors of a file that got another name show it under the new one; unsaved ones stay. */
async function followTabs(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  for (const tab of savedTabs((file) => file.toString() === from.toString())) {
    const { viewColumn } = tab.group;
    await vscode.window.showTextDocument(to, { viewColumn, preserveFocus: true, preview: false });
    await vscode.window.tabGroups.close(tab, true);
  }
}

async function askName(title: string, old = ""): Promise<string | undefined> {
  const dot = old.lastIndexOf(".");
  const answer = await vscode.window.showInputBox({
    ...{ title, value: old, valueSelection: [0, dot > 0 ? dot : old.length] },
    prompt: vscode.l10n.t("Name"),
    validateInput: (name) =>
      isName(name) ? undefined : vscode.l10n.t("This cannot be the name of a file."),
  });
  return answer === undefined ? undefined : normalised(answer);
}

async function confirm(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, action)) === action;
}
