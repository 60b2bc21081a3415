/** What stands for what an accent does not make. */
const plain: Readonly<Record<string, string>> = {
  ...{ "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "…": "...", "\u00a0": " " },
  ...{ œ: "oe", Œ: "OE", æ: "ae", Æ: "AE" },
};

/**
 * A text as a terminal shows it: one whose locale is not UTF-8 would show more than ASCII as something
 * else. What has no likeness there becomes a question mark.
 */
export function forTerminal(text: string, env: NodeJS.ProcessEnv): string {
  // An empty variable counts as none: see locale(7).
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  if (/utf-?8/i.test(locale)) return text;
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\n -~]/gu, (letter) => plain[letter] ?? "?");
}
