import * as vscode from "vscode";
import { type Entry, pathIn } from "./disk.ts";
import { fileItem, type FileNode, isFileNode, type PlaceNode, type RowStyle } from "./file-node.ts";
import type { Mount, Mounts } from "./mounts.ts";
import { refusalText } from "./refusal-text.ts";
import { isWithin, parentOf, type RemotePath } from "./remote-path.ts";

/** Changes that come so closely together are shown at once, ms. */
const settleMs = 200;

/** The view "Files": the disks of the sessions, each from the home folder and from the root. */
export class FileTree implements vscode.TreeDataProvider<FileNode>, vscode.Disposable {
  readonly view: vscode.TreeView<FileNode>;
  readonly #mounts: Mounts;
  readonly #style: RowStyle;
  readonly #changed = new vscode.EventEmitter<FileNode | undefined>();
  /** Folders that are shown, by what their rows are called. */
  readonly #shown = new Map<string, { node: FileNode; watch: { dispose(): void } }>();
  readonly #due = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: { dispose(): void }[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    mounts: Mounts,
    style: RowStyle,
    dragAndDropController: vscode.TreeDragAndDropController<FileNode>,
  ) {
    this.#mounts = mounts;
    this.#style = style;
    this.view = vscode.window.createTreeView("handrail.files", {
      ...{ treeDataProvider: this, dragAndDropController },
      ...{ canSelectMany: true, showCollapseAll: true },
    });
    this.#subscriptions = [
      this.view,
      this.view.onDidCollapseElement(({ element }) => this.#hidden(element)),
      this.view.onDidExpandElement(({ element }) => this.#opened(element)),
      mounts.changed.on(() => this.#changed.fire(undefined)),
      mounts.ended.on(({ lsid }) => this.#forget((node) => node.lsid === lsid)),
    ];
  }

  getTreeItem(node: FileNode): vscode.TreeItem {
    return fileItem(node, this.#style);
  }

  async getChildren(node?: FileNode): Promise<FileNode[]> {
    if (!node) {
      return this.#mounts.all.map((mount) => ({ kind: "disk", lsid: mount.lsid, mount }));
    }
    if (node.kind === "disk") return beginnings(node.mount);
    if (node.kind !== "folder") return [];
    this.#watch(node);
    try {
      const entries = await node.mount.disk.list(node.path);
      return entries.sort(inOrder).map((entry) => child(node, entry));
    } catch (error) {
      const { lsid, mount, path } = node;
      return [{ kind: "note", lsid, mount, path, text: refusalText(error) }];
    }
  }

  getParent(node: FileNode): FileNode | undefined {
    if (node.kind === "disk" || node.kind === "note") return undefined;
    const { lsid, mount, path, from } = node;
    if (!node.entry) return { kind: "disk", lsid, mount };
    return placeOf(mount, parentOf(path), from);
  }

  /** Shows something that is somewhere on a disk. */
  async reveal(mount: Mount, path?: RemotePath): Promise<void> {
    const { lsid, home } = mount;
    const disk: FileNode = { kind: "disk", lsid, mount };
    const from = path !== undefined && home !== undefined && isWithin(path, home) ? "home" : "root";
    const node = path === undefined ? disk : placeOf(mount, path, from);
    await this.view.reveal(node, { select: true, focus: true, expand: true });
  }

  /** Looks again at a folder, or at everything. */
  refresh(mount?: Mount, path?: RemotePath): void {
    if (!mount) return this.#changed.fire(undefined);
    for (const { node } of this.#shown.values()) {
      const isIt = node.kind === "folder" && (path === undefined || node.path === path);
      if (node.lsid === mount.lsid && isIt) this.#soon(node);
    }
  }

  dispose(): void {
    this.#forget(() => true);
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }

  #watch(node: PlaceNode): void {
    const key = keyOf(node);
    const known = this.#shown.get(key);
    const watch =
      known?.watch ?? node.mount.disk.watch(node.path, () => this.#soon(this.#nodeOf(key)));
    this.#shown.set(key, { node, watch });
  }

  #nodeOf(key: string): FileNode | undefined {
    return this.#shown.get(key)?.node;
  }

  #soon(node: FileNode | undefined): void {
    if (!node || node.kind === "disk") return;
    const key = keyOf(node);
    if (this.#due.has(key)) return;
    const timer = setTimeout(() => {
      this.#due.delete(key);
      this.#changed.fire(node);
    }, settleMs);
    this.#due.set(key, timer);
  }

  /** VS Code remembers what was in a folder that was folded: it may have changed since. */
  #opened(node: FileNode): void {
    if (node.kind === "folder" && !this.#shown.has(keyOf(node))) this.#changed.fire(node);
  }

  #hidden(node: FileNode): void {
    const { lsid } = node;
    if (node.kind === "disk") return this.#forget((each) => each.lsid === lsid);
    if (node.kind !== "folder") return;
    const { path, from } = node;
    this.#forget(
      (each) =>
        each.kind === "folder" &&
        each.lsid === lsid &&
        each.from === from &&
        isWithin(each.path, path),
    );
  }

  #forget(which: (node: FileNode) => boolean): void {
    for (const [key, { node, watch }] of this.#shown) {
      if (!which(node)) continue;
      watch.dispose();
      clearTimeout(this.#due.get(key));
      this.#due.delete(key);
      this.#shown.delete(key);
    }
  }
}

/** The rows that a command is about: those selected when it was called for one of them. */
export function nodesOf(target: unknown, selected: unknown, tree: FileTree): FileNode[] {
  const several = Array.isArray(selected) ? selected.filter(isFileNode) : [];
  if (!isFileNode(target)) return [...tree.view.selection];
  return several.some((each) => each === target) ? several : [target];
}

function beginnings(mount: Mount): FileNode[] {
  const { lsid, home } = mount;
  const top = (from: "home" | "root", path: RemotePath): FileNode => ({
    ...{ kind: "folder", lsid, mount, path, from, entry: undefined },
  });
  return [...(home === undefined || home === "/" ? [] : [top("home", home)]), top("root", "/")];
}

function child(folder: PlaceNode, entry: Entry): PlaceNode {
  const { lsid, mount, from } = folder;
  const kind = entry.leadsTo === "folder" ? "folder" : "file";
  return { kind, lsid, mount, from, entry, path: pathIn(folder.path, entry.name) };
}

/** A row of which only its place is known; VS Code finds the one that is shown by its name. */
function placeOf(mount: Mount, path: RemotePath, from: "home" | "root"): PlaceNode {
  const isTop = path === (from === "home" ? mount.home : "/");
  const name = path.slice(path.lastIndexOf("/") + 1);
  const unknown = { mode: 0, sizeBytes: 0, modifiedAt: 0 };
  const entry: Entry = { name, kind: "folder", leadsTo: "folder", ...unknown };
  const { lsid } = mount;
  return { kind: "folder", lsid, mount, path, from, entry: isTop ? undefined : entry };
}

function keyOf(node: Exclude<FileNode, { kind: "disk" }>): string {
  return `${node.lsid}:${node.kind === "note" ? "" : node.from}:${node.path}`;
}

function inOrder(a: Entry, b: Entry): number {
  const isFolder = ({ leadsTo }: Entry) => Number(leadsTo !== "folder");
  return isFolder(a) - isFolder(b) || a.name.localeCompare(b.name, undefined, { numeric: true });
}
