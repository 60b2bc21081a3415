import { expect, it } from "vitest";
import { forTerminal } from "../../../../appliance/client/node/terminal-text.ts";

const text = "L’aide n’a pas démarré – « Ça œuvre… » 帮\n";

it("leaves a text as it is for a terminal that knows UTF-8", () => {
  for (const env of [{ LANG: "fr_FR.UTF-8" }, { LANG: "C", LC_CTYPE: "C.utf8" }]) {
    expect(forTerminal(text, env)).toBe(text);
  }
});

it("writes it in ASCII for any other", () => {
  const ascii = `L'aide n'a pas demarre - " Ca oeuvre... " ?\n`;
  for (const env of [{}, { LANG: "C" }, { LANG: "fr_FR.UTF-8", LC_ALL: "POSIX" }]) {
    expect(forTerminal(text, env)).toBe(ascii);
  }
});
