import { describe, expect, it } from "vitest";
import { html } from "../../../../appliance/server/page/html.ts";
import { chooseLanguage } from "../../../../appliance/server/page/language.ts";

describe("html", () => {
  it("escapes whatever is put in, as content and in attributes", () => {
    const evil = `"><script>alert('x')</script>&`;
    const text = html`<p title="${evil}">${evil}</p>`.toString();
    expect(text).not.toContain("<script>");
    expect(text.match(/"/g)).toHaveLength(2);
    expect(text).toContain("&#38;");
  });

  it("joins lists, keeps its own kind as it is, and leaves nothing for nothing", () => {
    const items = ["a", "<"].map((each) => html`<li>${each}</li>`);
    const text = html`${items}${false}${undefined}${0}`.toString();
    expect(text).toBe("<li>a</li><li>&#60;</li>0");
  });
});

describe("the language", () => {
  it.each([
    [undefined, undefined, "en"],
    [undefined, "fr-FR,fr;q=0.9,en;q=0.8", "fr"],
    [undefined, "de-DE,de;q=0.9,fr;q=0.5", "fr"],
    [undefined, "en;q=0.3, fr;q=0.7", "fr"],
    [undefined, "fr;q=0, en", "en"],
    [undefined, "tlh", "en"],
    [undefined, ";;;q=x,,,", "en"],
    ["fr", "en", "fr"],
    ["xx", "fr", "fr"],
  ])("for the choice %s and the browser's %s is %s", (chosen, header, language) => {
    expect(chooseLanguage(chosen, header)).toBe(language);
  });
});
