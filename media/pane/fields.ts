import { externalKeyField, type FieldDefinition, type FieldValue } from "@handrail/protocol";
import { element, setText } from "./element.ts";
import type { Texts } from "./texts.ts";

/** What the fields do not do themselves. */
export interface FieldFormOptions {
  readonly texts: Texts;
  /** Rejects with an error whose message is fit to be shown. */
  readonly save: (field: Pick<FieldValue, "id" | "value">) => Promise<unknown>;
}

/** External key and custom fields of a session; each is kept when one leaves it. */
export class FieldForm {
  readonly element: HTMLFormElement;
  readonly #options: FieldFormOptions;
  readonly #rows = element("div", { className: "fields" });
  readonly #fault = element("p", { className: "fault", role: "alert", hidden: true });
  #definitions = "";
  readonly #inputs = new Map<string, HTMLInputElement | HTMLSelectElement>();

  constructor(options: FieldFormOptions) {
    this.#options = options;
    const label = options.texts.fields;
    this.element = element("form", { "aria-label": label }, this.#rows, this.#fault);
    this.element.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Shows what is known now; what is being written stays as it is. */
  update(
    definitions: readonly FieldDefinition[],
    values: readonly FieldValue[],
    isEnabled: boolean,
  ): void {
    this.#make(definitions);
    for (const [id, input] of this.#inputs) {
      input.disabled = !isEnabled;
      if (input === document.activeElement) continue;
      const value = values.find((each) => each.id === id)?.value ?? "";
      if (input.value !== value) show(input, value);
      input.dataset.kept = value;
    }
  }

  #make(definitions: readonly FieldDefinition[]): void {
    const description = JSON.stringify(definitions);
    if (description === this.#definitions) return;
    this.#definitions = description;
    this.#inputs.clear();
    this.#rows.replaceChildren(...definitions.map((field) => this.#row(field)));
  }

  #row(field: FieldDefinition): HTMLElement {
    const { texts } = this.#options;
    const name = field.id === externalKeyField ? texts.externalKey : field.name;
    const input = field.kind === "choice" ? chooser(field.choices) : writer();
    input.required = field.isRequired;
    input.addEventListener("change", () => void this.#save(field.id, input));
    this.#inputs.set(field.id, input);
    const shown = field.isRequired ? texts.requiredField(name) : name;
    return element("label", {}, element("span", {}, shown), input);
  }

  async #save(id: string, input: HTMLInputElement | HTMLSelectElement): Promise<void> {
    const value = input.value.trim();
    this.#fault.hidden = true;
    try {
      await this.#options.save({ id, value });
      input.dataset.kept = value;
    } catch (error) {
      show(input, input.dataset.kept ?? "");
      this.#fault.hidden = false;
      const reason = error instanceof Error ? error.message : String(error);
      setText(this.#fault, this.#options.texts.notKept + reason);
    }
  }
}

function writer(): HTMLInputElement {
  return element("input", { type: "text", className: "box", maxLength: 500, autocomplete: "off" });
}

function chooser(choices: readonly string[]): HTMLSelectElement {
  const options = ["", ...choices].map((value) => element("option", { value }, value));
  return element("select", { className: "select" }, ...options);
}

/** A choice that there is no more is still what was chosen. */
function show(input: HTMLInputElement | HTMLSelectElement, value: string): void {
  if (input instanceof HTMLSelectElement && ![...input.options].some((o) => o.value === value)) {
    input.append(element("option", { value }, value));
  }
  input.value = value;
}
