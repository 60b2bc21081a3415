import * as vscode from "vscode";

/** `handrail-LOKI-2026-11-22-10-15-30.png`: what no file system objects to. */
export function screenshotName(subject: string, at: Date): string {
  const safe = subject
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}_-]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  const pad = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())];
  const time = [pad(at.getHours()), pad(at.getMinutes()), pad(at.getSeconds())];
  return `${["handrail", safe, ...day, ...time].filter((part) => part !== "").join("-")}.png`;
}

/** Puts a picture where the person says. Null when they think better of it. */
export async function saveScreenshot(png: Uint8Array, subject: string): Promise<string | null> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = screenshotName(subject, new Date());
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Save Screenshot"),
    filters: { [vscode.l10n.t("PNG picture")]: ["png"] },
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
  });
  if (!target) return null;
  await vscode.workspace.fs.writeFile(target, png);
  return target.scheme === "file" ? target.fsPath : target.path;
}
