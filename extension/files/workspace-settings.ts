import { isWithin, nameOf, parentOf, type RemotePath } from "./remote-path.ts";

/** What VS Code obeys when it lies in a folder of the workspace: settings, programs to start. */
const obeyed: ReadonlySet<string> = new Set([
  ...["settings.json", "tasks.json", "launch.json", "mcp.json", "extensions.json"],
]);

/**
 * Whether VS Code would take its own settings from there. It trusts folders of other schemes than
 * `file` without asking; a customer is not to set up the console of whoever helps. `folders`: those
 * of the same computer that are in the workspace.
 */
export function isObeyed(path: RemotePath, folders: readonly RemotePath[]): boolean {
  const folder = parentOf(path);
  if (nameOf(folder).toLowerCase() !== ".vscode") return false;
  return obeyed.has(nameOf(path).toLowerCase()) && folders.some((each) => isWithin(folder, each));
}
