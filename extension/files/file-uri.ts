import type { Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import { normalised, type RemotePath } from "./remote-path.ts";

/** The scheme of documents on customers' disks; their authority is the session. */
export const fileScheme = "handrail";

/** Where VS Code finds something of a session's computer. */
export function uriOf(lsid: Lsid, path: RemotePath): vscode.Uri {
  return vscode.Uri.from({ scheme: fileScheme, authority: lsid, path });
}

/** The path that a document's address means. */
export function pathOf(uri: vscode.Uri): RemotePath {
  const path = normalised(uri.path);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
