import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import { hostOf, normalised, type RemotePath } from "./remote-path.ts";

/**
 * The scheme of documents on customers' disks. Their authority is the session, then `+` and the
 * computer's name, which the manifest has VS Code show before the path.
 */
export const fileScheme = "handrail";

/** A computer whose documents have addresses. */
export interface Addressed {
  readonly lsid: Lsid;
  /** Of the computer, for people. */
  readonly name: string;
}

/** Where VS Code finds something of a session's computer. */
export function uriOf({ lsid, name }: Addressed, path: RemotePath): vscode.Uri {
  return vscode.Uri.from({ scheme: fileScheme, authority: `${lsid}+${hostOf(name)}`, path });
}

/** The session that an address belongs to. */
export function lsidOf({ authority }: vscode.Uri): string {
  return authority.split("+", 1)[0] ?? "";
}

/** The path that a document's address means. */
export function pathOf(uri: vscode.Uri): RemotePath {
  const path = normalised(uri.path);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
