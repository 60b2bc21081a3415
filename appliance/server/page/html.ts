/** Text that is HTML already. Made by `html` alone, which escapes whatever is put in. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: text is escaped, lists are joined, `false` and nothing vanish. */
export type Part = Html | string | number | false | undefined | readonly Part[];

/** HTML from a template. Values are safe as content and within double-quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.map((each, i) => (i === 0 ? each : render(parts[i - 1]) + each)).join("");
  return new Html(text);
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.toString();
  if (typeof part === "object") return part.map(render).join("");
  return String(part).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
