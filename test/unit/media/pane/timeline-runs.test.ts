import { expect, it } from "vitest";
import { headOf, runsOf } from "../../../../media/pane/timeline-runs.ts";

/** Events as `seconds who event`, one a line. */
function entries(text: string) {
  return text
    .trim()
    .split("\n")
    .map((line, seq) => {
      const [at = "", who = "", event = ""] = line.trim().split(" ");
      return { at: Number(at) * 1000, what: { seq, at: 0, event, who, detail: {} } };
    });
}

/** The runs of such events, each as the names in it. */
function runs(text: string): string[] {
  return runsOf(entries(text)).map((run) => run.map(({ what }) => what.event).join(" "));
}

it("puts the steps of one reading together", () => {
  const reading = `
    1 Ann system.opened
    2 Ann system.read
    3 Ann system.read
    4 Ann system.closed`;
  expect(runs(reading)).toEqual(["system.opened system.read system.read system.closed"]);
  expect(headOf(entries(reading))?.what.event).toBe("system.read");
});

it("leaves what changes something alone, and every event in its place", () => {
  expect(
    runs(`
      1 Ann files.opened
      2 Ann files-write.opened
      3 Ann file.saved
      4 Ann files-write.closed
      5 Ann files.closed
      6 Ann system-act.done
      7 Ann shell.command
      8 Ann shell.command`),
  ).toEqual([
    "files.opened files-write.opened",
    "file.saved",
    "files-write.closed files.closed",
    "system-act.done",
    "shell.command",
    "shell.command",
  ]);
});

it("keeps apart what others do, what comes later, and other tools", () => {
  expect(
    runs(`
      1 Ann system.read
      2 Bob system.read
      3 Bob files.listed
      13 Bob files.listed
      23.1 Bob files.listed`),
  ).toEqual(["system.read", "system.read", "files.listed files.listed", "files.listed"]);
  expect(runsOf([])).toEqual([]);
});
