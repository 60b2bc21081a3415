import * as vscode from "vscode";
import { type FileNode, isFileNode } from "./file-node.ts";
import { fileScheme, lsidOf, pathOf, uriOf } from "./file-uri.ts";
import type { Mount } from "./mounts.ts";
import { parentOf, type RemotePath } from "./remote-path.ts";

const rows = "application/vnd.code.tree.handrail.files";
const uriList = "text/uri-list";

/** A folder on a customer's disk, onto which something was dropped. */
export interface DropPlace {
  readonly mount: Mount;
  readonly folder: RemotePath;
}

/** What dropping leads to. */
export interface DropActions {
  /** Files and folders of this computer. */
  upload(place: DropPlace, uris: readonly vscode.Uri[]): Promise<void>;
  /** Files that came without a place of their own, as from another program's window. */
  uploadContents(place: DropPlace, files: readonly vscode.DataTransferFile[]): Promise<void>;
  /** Something of the same disk. */
  move(place: DropPlace, paths: readonly RemotePath[]): Promise<void>;
  failed(error: unknown): void;
}

/** Drag and drop in the tree of files: from the system and the Explorer, and within the tree. */
export class DragAndDrop implements vscode.TreeDragAndDropController<FileNode> {
  readonly dropMimeTypes = [rows, uriList, "files"];
  readonly dragMimeTypes = [uriList];
  readonly #actions: DropActions;

  constructor(actions: DropActions) {
    this.#actions = actions;
  }

  handleDrag(nodes: readonly FileNode[], data: vscode.DataTransfer): void {
    const places = nodes.filter((node) => node.kind !== "disk" && node.kind !== "note");
    const uris = places.map(({ mount, path }) => uriOf(mount, path).toString());
    // Into the editor area: opens them.
    data.set(uriList, new vscode.DataTransferItem(uris.join("\r\n")));
    data.set(rows, new vscode.DataTransferItem(places));
  }

  async handleDrop(target: FileNode | undefined, data: vscode.DataTransfer): Promise<void> {
    try {
      const place = target && placeOf(target);
      if (place) await this.#dropped(place, data);
    } catch (error) {
      this.#actions.failed(error);
    }
  }

  async #dropped(place: DropPlace, data: vscode.DataTransfer): Promise<void> {
    const own: unknown = data.get(rows)?.value;
    if (Array.isArray(own)) {
      const nodes = own.filter(isFileNode).filter((node) => node.kind !== "disk");
      const here = nodes.filter(({ lsid }) => lsid === place.mount.lsid);
      return this.#actions.move(
        place,
        here.map(({ path }) => path),
      );
    }
    const uris = urisOf((await data.get(uriList)?.asString()) ?? "");
    const remote = uris.filter(({ scheme }) => scheme === fileScheme);
    if (remote.length > 0) {
      const here = remote.filter((uri) => lsidOf(uri) === place.mount.lsid);
      return this.#actions.move(place, here.map(pathOf));
    }
    const files = [...data].flatMap(([, item]) => item.asFile() ?? []);
    const found = files.flatMap(({ uri }) => (uri?.scheme === "file" ? [uri] : []));
    const local = [...uris.filter(({ scheme }) => scheme === "file"), ...found];
    const distinct = new Map(local.map((uri) => [uri.toString(), uri]));
    if (distinct.size > 0) return this.#actions.upload(place, [...distinct.values()]);
    if (files.length > 0) await this.#actions.uploadContents(place, files);
  }
}

/** The folder that a row means when something is put there. */
export function placeOf(node: FileNode): DropPlace | undefined {
  const { mount } = node;
  switch (node.kind) {
    case "disk":
      return { mount, folder: mount.home ?? "/" };
    case "folder":
      return { mount, folder: node.path };
    case "file":
      return { mount, folder: parentOf(node.path) };
    case "note":
      return undefined;
  }
}

// RFC 2483: a line each, and lines that begin with # are comments.
function urisOf(text: string): vscode.Uri[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => vscode.Uri.parse(line));
}
