import { piecesOf } from "@handrail/protocol";
import { describe, expect, it } from "vitest";

function links(text: string): string[] {
  return piecesOf(text).flatMap(({ url }) => (url === undefined ? [] : [url]));
}

describe("links in messages", () => {
  it("are found, and the sentence around them is kept", () => {
    const pieces = piecesOf("See https://example.org/a?b=1, then call.");
    expect(pieces).toEqual([
      { text: "See " },
      { text: "https://example.org/a?b=1", url: "https://example.org/a?b=1" },
      { text: ", then call." },
    ]);
  });

  it("keep a bracket that belongs to them", () => {
    expect(links("https://example.org/a_(b)")).toEqual(["https://example.org/a_(b)"]);
    expect(links("(see https://example.org/a)")).toEqual(["https://example.org/a"]);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "vscode://x.y/z",
    "file:///etc/passwd",
    "http://",
    "https://bank.example@evil.example/",
    "plain text",
  ])("are not made of %s", (text) => {
    expect(links(text)).toEqual([]);
  });

  it("say all of the text again", () => {
    const text = 'a https://b.example/ <script>x</script> http://c.example/?d="e" f';
    const said = piecesOf(text).map((piece) => piece.text);
    expect(said.join("")).toBe(text);
  });
});

it("takes no longer over an address with many brackets", () => {
  const beganAt = performance.now();
  expect(links(`https://example.org/${")".repeat(100_000)}a`)).toEqual([]);
  expect(performance.now() - beganAt).toBeLessThan(2000);
});
