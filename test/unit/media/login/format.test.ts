import { afterEach, describe, expect, it, vi } from "vitest";
import { momentText, preciseText } from "../../../../media/login/format.ts";

const at = new Date(2026, 10, 3, 14, 5, 9).getTime();

/** A reader whose browser prefers these languages. */
function readIn(...languages: string[]): void {
  vi.stubGlobal("navigator", { languages, language: languages[0] });
}

afterEach(() => vi.unstubAllGlobals());

describe("a moment at /login", () => {
  it("is written as the reader's region writes it, and the month is a word", () => {
    readIn("en-US");
    expect(preciseText(at, "en")).toMatch(/^Nov 3, 2026, 2:05:09\sPM$/);
    readIn("en-GB", "en-US");
    expect(preciseText(at, "en")).toBe("3 Nov 2026, 14:05:09");
    readIn("fr-FR");
    expect(preciseText(at, "fr")).toMatch(/^3 nov\. 2026.* 14:05:09$/);
  });

  it("follows the region of readers whose browser prefers another language", () => {
    readIn("de-DE", "de");
    expect(momentText(at, "en")).toMatch(/^3 Nov 2026.* 14:05$/);
    readIn("de");
    expect(momentText(at, "en")).toMatch(/^Nov 3, 2026.* 2:05\sPM$/);
  });
});
