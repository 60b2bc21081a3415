import { beforeEach, describe, expect, it } from "vitest";
import { DeedLog } from "../../../../appliance/client/core/deed-log.ts";
import { frDeeds } from "../../../../appliance/client/core/deed-texts.ts";
import { texts } from "../../../../appliance/client/core/texts.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { clockOf, WindowRecord } from "./edges.ts";

let window: WindowRecord;
let clock: FakeClock;
let log: DeedLog;
beforeEach(() => {
  window = new WindowRecord();
  clock = new FakeClock();
  log = new DeedLog({ window, texts: texts.en, clock: clockOf(clock) });
});

const lines = () => window.chat.map(({ from, text }) => `${from}: ${text}`);
const ended = { act: "end-process", name: "mousepad", processId: 14753, startedAt: 1 };

describe("what was done", () => {
  it("is told as a line of the conversation that calls nobody", () => {
    log.happened("system-act.begun", "Ann", ended);
    log.happened("system-act.done", "Ann", { ...ended, outcome: "done" });
    log.happened("file.saved", "", { path: "/srv/letter.txt", sizeBytes: 3 });
    expect(lines()).toEqual([
      "Done by Ann: End the program mousepad (14753) – done",
      "Done by Your representative: Wrote /srv/letter.txt",
    ]);
    expect(window.chat.every(({ isDeed, mine }) => isDeed === true && !mine)).toBe(true);
  });

  it("names services, and programs that were killed, with what came of it", () => {
    log.happened("system-act.done", "Ann", { act: "stop", service: "cups", outcome: "forbidden" });
    log.happened("system-act.done", "Ben", { ...ended, act: "kill-process", outcome: "gone" });
    expect(lines()).toEqual([
      "Done by Ann: Stop the service cups – not done: your rights do not suffice",
      "Done by Ben: Kill the program mousepad (14753) – it was no longer there",
    ]);
  });

  it("is counted where much of a kind is done at once", () => {
    for (let at = 0; at < 500; at++) log.happened("file.removed", "Ann", { path: `/tmp/${at}` });
    expect(lines()).toEqual(["Done by Ann: Deleted /tmp/0"]);
    clock.advance(2_000);
    expect(lines()).toEqual([
      "Done by Ann: Deleted /tmp/0",
      "Done by Ann: … and 499 more changes to files",
    ]);
    log.happened("file.removed", "Ann", { path: "/tmp/last" });
    log.happened("file.removed", "Ann", { path: "/tmp/very-last" });
    log[Symbol.dispose]();
    expect(lines().slice(2)).toEqual([
      "Done by Ann: Deleted /tmp/last",
      "Done by Ann: Deleted /tmp/very-last",
    ]);
  });

  it("says in one line how much more was done to files, whatever it was", () => {
    for (const name of ["a", "b"]) {
      log.happened("file.saved", "Ann", { path: `/tmp/${name}` });
      log.happened("file.renamed", "Ann", { path: `/tmp/${name}`, to: `/srv/${name}` });
      log.happened("file.removed", "Ann", { path: `/srv/${name}` });
      log.happened("clipboard-to-customer.placed", "Ann", { format: "text" });
    }
    clock.advance(2_000);
    expect(lines()).toEqual([
      "Done by Ann: Wrote /tmp/a",
      "Done by Ann: Moved /tmp/a to /srv/a",
      "Done by Ann: Deleted /srv/a",
      "Done by Ann: Put text on your clipboard",
      "Done by Ann: … and 3 more changes to files",
      "Done by Ann: Put text on your clipboard",
    ]);
  });

  it("is in French for who reads French", () => {
    const { text } = { text: frDeeds["system-act.done"]({ ...ended, outcome: "alive" }) };
    expect(text).toBe("Mettre fin au programme mousepad (14753) – il continue");
  });
});
