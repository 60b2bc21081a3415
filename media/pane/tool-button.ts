import { element } from "./element.ts";
import { icon, type IconName } from "./icon.ts";

/** A button that shows only a picture; `label` is its name and its tooltip. */
export function toolButton(name: IconName, label: string, run: () => void): HTMLButtonElement {
  const button = element(
    "button",
    { type: "button", className: "tool", title: label, "aria-label": label },
    icon(name),
  );
  button.addEventListener("click", run);
  return button;
}
