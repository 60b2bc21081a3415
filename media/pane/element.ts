/** What may stand inside an element. */
export type Child = Node | string | undefined;

/** Properties and attributes of a new element; `aria-…`, `data-…` and `role` are attributes. */
export type Properties<E extends HTMLElement> = Partial<Omit<E, "style" | "dataset">> &
  Readonly<Record<`aria-${string}` | `data-${string}` | "role", string | undefined>>;

/** Makes an element. Text is always text, never markup. */
export function element<N extends keyof HTMLElementTagNameMap>(
  name: N,
  properties: Partial<Properties<HTMLElementTagNameMap[N]>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[N] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    const isAttribute = key.includes("-") || key === "role";
    if (isAttribute) made.setAttribute(key, String(value));
    else Reflect.set(made, key, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Replaces what an element holds, only when it is something else: keeps focus and selection. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
