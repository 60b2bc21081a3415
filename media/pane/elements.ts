import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import { element } from "./element.ts";

/** VS Code's button, for what the person should do next. */
export function actionButton(label: string, run: () => void, isPrimary = true): HTMLElement {
  const button = document.createElement("vscode-button");
  button.secondary = !isPrimary;
  button.textContent = label;
  button.addEventListener("click", run);
  return button;
}

/** VS Code's ring for something that goes on. */
export function progressRing(): HTMLElement {
  const ring = document.createElement("vscode-progress-ring");
  ring.setAttribute("aria-hidden", "true");
  return element("span", { className: "ring" }, ring);
}

/** VS Code's badge with a count. */
export function badge(): HTMLElement {
  const made = document.createElement("vscode-badge");
  made.setAttribute("variant", "counter");
  made.hidden = true;
  return made;
}
