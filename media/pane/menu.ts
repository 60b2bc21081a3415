import { element } from "./element.ts";
import { icon, type IconName } from "./icon.ts";

/** One line of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
  readonly isDisabled?: boolean;
  /** For a choice among several: whether this one is chosen. */
  readonly isChecked?: boolean;
}

/**
 * A button that opens a menu, worked by mouse and keyboard as the ARIA menu-button pattern says.
 * The items are asked for each time that it opens.
 */
export function menuButton(options: {
  icon: IconName;
  label: string;
  items: () => MenuItem[];
}): HTMLElement {
  const list = element("div", { role: "menu", className: "menu", hidden: true });
  const button = element(
    "button",
    { type: "button", className: "tool", "aria-haspopup": "menu", "aria-expanded": "false" },
    icon(options.icon),
    icon("down"),
  );
  button.title = options.label;
  button.setAttribute("aria-label", options.label);
  list.setAttribute("aria-label", options.label);
  const box = element("div", { className: "menu-box" }, button, list);
  const close = (focusButton: boolean) => {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (focusButton) button.focus();
  };
  const open = () => {
    list.replaceChildren(...options.items().map((item) => itemElement(item, close)));
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    focusItem(list, 0);
  };
  button.addEventListener("click", () => (list.hidden ? open() : close(true)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    open();
  });
  list.addEventListener("keydown", (event) => walk(event, list, close));
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node) || !box.contains(relatedTarget)) close(false);
  });
  return box;
}

function itemElement(item: MenuItem, close: (focusButton: boolean) => void): HTMLElement {
  const isChoice = item.isChecked !== undefined;
  const made = element(
    "button",
    {
      type: "button",
      className: "menu-item",
      role: isChoice ? "menuitemradio" : "menuitem",
      "aria-checked": isChoice ? String(item.isChecked) : undefined,
      disabled: item.isDisabled ?? false,
      tabIndex: -1,
    },
    item.label,
  );
  made.addEventListener("click", () => {
    close(true);
    item.run();
  });
  return made;
}

function walk(event: KeyboardEvent, list: HTMLElement, close: (focus: boolean) => void): void {
  const items = enabledItems(list);
  const at = items.findIndex((item) => item === document.activeElement);
  const target: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: items.length - 1,
  };
  const next = target[event.key];
  if (event.key === "Escape") close(true);
  else if (next !== undefined) focusItem(list, next);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function focusItem(list: HTMLElement, index: number): void {
  const items = enabledItems(list);
  items[(index + items.length) % items.length]?.focus();
}

function enabledItems(list: HTMLElement): HTMLButtonElement[] {
  return [...list.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
}
