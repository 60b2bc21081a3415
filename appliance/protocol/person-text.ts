/** What begins another line: controls (line feeds and tabs are some) and Unicode's separators. */
const breaks = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/**
 * What is not seen but changes what is: bidirectional controls (UAX #9 section 2), zero-width
 * spaces, interlinear annotation and tags. Joiners stay: Persian and many emoji are written with
 * them.
 */
const unseen =
  /[\p{Bidi_Control}\u{ad}\u{180e}\u{200b}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu;

/**
 * A name, a title or an issue as it may stand in one line: in a window's title, a notification, a
 * tree, a log. Replaced and not refused, because names come from computers that nobody has time to
 * correct: what would break the line becomes a space, what would change the order of the letters
 * goes, spaces are one, and a half of a surrogate pair becomes U+FFFD.
 */
export function oneLine(text: string): string {
  const shown = text.toWellFormed().replace(breaks, " ").replace(unseen, "");
  return shown.replace(/\s+/gu, " ").trim();
}

/** What a text that is shown may not hold as it is: what breaks a line and what is not seen. */
export const unshown = new RegExp(`${breaks.source}|${unseen.source}`, "gu");

/**
 * A text from a machine that is kept exactly and may be shown anywhere: what would break a line,
 * steer a terminal or change the order of the letters is written as its number (`\\u{1b}`).
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(unshown, (found) =>
      Array.from(found, (each) => `\\u{${each.codePointAt(0)?.toString(16) ?? ""}}`).join(""),
    );
}
