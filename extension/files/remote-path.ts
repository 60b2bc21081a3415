import { isName as isNameOfBytes, pathBytes, pathText } from "@handrail/protocol";

/**
 * A path on the customer's computer as text that loses nothing (`pathText` in the protocol) and that
 * is the path of its URI. Absolute, without `.` and `..`.
 */
export type RemotePath = string;

/** The last part; empty for the root. */
export function nameOf(path: RemotePath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that holds it; the root holds itself. */
export function parentOf(path: RemotePath): RemotePath {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** A path below a folder. */
export function below(folder: RemotePath, ...names: readonly string[]): RemotePath {
  return names.length === 0 ? folder : `${folder === "/" ? "" : folder}/${names.join("/")}`;
}

/** Whether a path is that folder or lies in it. */
export function isWithin(path: RemotePath, folder: RemotePath): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** Whether a text can be one step of a path, wherever it came from. */
export function isName(name: string): boolean {
  return isNameOfBytes(pathBytes(name));
}

/** A path in the one text that it has, whoever wrote it. */
export function normalised(path: string): RemotePath {
  return pathText(pathBytes(path));
}

/** Longer names are cut: source RFC 1035 section 2.3.4, a label. */
const maxHostLength = 63;

/** A name as an address may hold it, which VS Code compares without regard to case. */
export function hostOf(name: string): string {
  const host = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "");
  return host.slice(0, maxHostLength) || "computer";
}
