/**
 * What a program has written, as text that can be kept and shown anywhere: without the sequences that
 * steer a terminal, and without what hides or reorders letters.
 */
const sequences = new RegExp(
  [
    // Operating system commands and strings of devices, to their end or the end of the line.
    "(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c\\n]*(?:\\u0007|\\u001b\\\\|\\u009c)?",
    // Control sequences, and what else begins with ESC.
    "(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?",
    "\\u001b[ -/]*[0-~]?",
  ].join("|"),
  "g",
);
/** Controls but tab and line feed, marks of direction, and what is not seen. */
const unseen =
  /[^\P{Cc}\t\n]|[\p{Bidi_Control}\u200b\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** The text of it. */
export function plainText(written: string): string {
  const lines = written.replace(sequences, "").replace(/\r\n?/g, "\n");
  return lines.toWellFormed().replace(unseen, "");
}
