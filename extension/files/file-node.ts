import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import { joined, toItem } from "../queue/item.ts";
import type { Entry } from "./disk.ts";
import { uriOf } from "./file-uri.ts";
import type { Mount } from "./mounts.ts";
import { nameOf, type RemotePath } from "./remote-path.ts";

/** A row of the tree of files. `from`: below which of a disk's two beginnings it stands. */
export type FileNode = { readonly lsid: Lsid; readonly mount: Mount } & (
  | { readonly kind: "disk" }
  | {
      readonly kind: "folder" | "file";
      readonly path: RemotePath;
      readonly from: "home" | "root";
      readonly entry: Entry | undefined;
    }
  | { readonly kind: "note"; readonly text: string; readonly path: RemotePath }
);

/** Something that is on a disk. */
export type PlaceNode = Extract<FileNode, { kind: "folder" | "file" }>;

/** Whether a command was called for a row of the tree of files. */
export function isFileNode(target: unknown): target is FileNode {
  return typeof target === "object" && target !== null && "mount" in target && "kind" in target;
}

/** What rows are to be shown with. */
export interface RowStyle {
  /** A size in the console's language. */
  readonly bytes: (sizeBytes: number) => string;
  readonly mayWrite: (lsid: Lsid) => boolean;
}

/** The row as VS Code's item. */
export function fileItem(node: FileNode, style: RowStyle): vscode.TreeItem {
  switch (node.kind) {
    case "disk":
      return diskItem(node);
    case "note":
      return toItem(
        {
          ...{ id: `files:${node.lsid}:note:${node.path}`, label: node.text, spoken: node.text },
          ...{ icon: "info", context: "files:note" },
        },
        node,
      );
    case "folder":
    case "file":
      return placeItem(node, style);
  }
}

function diskItem(node: FileNode & { kind: "disk" }): vscode.TreeItem {
  const { name } = node.mount;
  return toItem(
    {
      ...{ id: `files:${node.lsid}`, label: name, context: "files:disk", children: "open" },
      ...{ icon: "device-desktop", spoken: vscode.l10n.t("Files of {0}", name) },
    },
    node,
  );
}

function placeItem(node: PlaceNode, { bytes, mayWrite }: RowStyle): vscode.TreeItem {
  const { entry, path, lsid, kind } = node;
  const label = labelOf(node);
  const size = kind === "file" && entry ? bytes(entry.sizeBytes) : "";
  const link = entry?.kind === "link" ? vscode.l10n.t("link") : "";
  const broken = entry?.leadsTo === "none" ? vscode.l10n.t("leads nowhere") : "";
  const description = joined(size, link, broken);
  const type = kind === "folder" ? vscode.l10n.t("folder") : "";
  const item = toItem(
    {
      ...{ id: `files:${lsid}:${node.from}:${path}`, label, description },
      ...{ tooltip: path, spoken: joined(label, type, description), icon: kind },
      context: `files:${kind}${entry ? "" : ":top"}${mayWrite(lsid) ? ":write" : ""}`,
      ...(kind === "folder" ? { children: entry || node.from === "root" ? "closed" : "open" } : {}),
      ...(kind === "file"
        ? { command: { id: "handrail.files.open", title: vscode.l10n.t("Open") } }
        : {}),
    },
    node,
  );
  if (!entry) item.iconPath = new vscode.ThemeIcon(node.from === "home" ? "home" : "server");
  else item.iconPath = kind === "folder" ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File;
  // The theme's icon for files of this name.
  item.resourceUri = uriOf(node.mount, path);
  return item;
}

function labelOf({ entry, path, from }: PlaceNode): string {
  if (entry) return entry.name;
  return from === "home" ? vscode.l10n.t("Home ({0})", nameOf(path) || path) : path;
}
