const modifiers: ReadonlySet<string> = new Set(["Control", "Alt", "Shift", "Meta", "AltGraph"]);
/** VS Code gives up waiting for the second key after five seconds. */
const chordMs = 5000;

/**
 * Leaves the second key of Handrail's shortcuts (Ctrl+Alt+H, then a letter) to VS Code alone. It
 * hears all keys of a pane and takes none away: without this the letter would also be written, and
 * Space would play a recording and stop it again.
 */
export function leaveChords(): void {
  let begunAt = -Infinity;
  addEventListener(
    "keydown",
    (event) => {
      const isRemote = document.querySelector('.screen[data-grabbed="true"]') !== null;
      if (isRemote || modifiers.has(event.key)) return;
      const isSecond = event.timeStamp - begunAt < chordMs;
      const isFirst = event.code === "KeyH" && event.altKey && (event.ctrlKey || event.metaKey);
      begunAt = isFirst ? event.timeStamp : -Infinity;
      if (isSecond) event.preventDefault();
    },
    { capture: true },
  );
}
