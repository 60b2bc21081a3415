import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { readJournal, supportLines } from "../../../../appliance/server/machine/journal.ts";

const at = Date.UTC(2030, 0, 1);
const line = (fields: object) =>
  JSON.stringify({ __REALTIME_TIMESTAMP: String(at * 1000), PRIORITY: "6", ...fields });
const server = "handrail-server.service";

it("keeps what the machine says, of ours words and numbers, of others that they spoke", async () => {
  const ours = JSON.stringify({
    ...{ at: "2030-01-01T00:00:00.000Z", level: "warn", event: "session.ended", lsid: "a1b2" },
    ...{ durationMs: 12, isKept: true, customer: "Zoe Zimmer", code: "not-permitted" },
    error: { name: "HandrailError", code: "timeout", message: "Zoe’s line", stack: "at zoe.ts" },
  });
  const told = await supportLines(
    Readable.from([
      line({ _TRANSPORT: "kernel", MESSAGE: "eth0: link is up" }),
      line({ _SYSTEMD_UNIT: "init.scope", UNIT: server, MESSAGE: "Started Handrail." }),
      line({ _SYSTEMD_UNIT: server, MESSAGE: ours }),
      line({ _SYSTEMD_UNIT: server, MESSAGE: "The set-up code is BCDF-2345-GHJK-6789" }),
      line({ _SYSTEMD_UNIT: server, MESSAGE: JSON.stringify({ event: "my password is x" }) }),
      line({ _SYSTEMD_UNIT: "ssh.service", MESSAGE: "Accepted publickey for root" }),
      line({ _SYSTEMD_UNIT: server, MESSAGE: [1, 2, 3] }),
      line({ MESSAGE: "no time", __REALTIME_TIMESTAMP: undefined }),
      "",
      "cut in the mid",
    ]),
  );
  const entries = told
    .trim()
    .split("\n")
    .map((each) => JSON.parse(each) as object);
  const head = { at: new Date(at).toISOString(), priority: "6" };
  expect(entries).toEqual([
    { ...head, who: "kernel", message: "eth0: link is up" },
    { ...head, who: "init.scope", unit: server, message: "Started Handrail." },
    {
      ...{ ...head, who: server, level: "warn", event: "session.ended", code: "not-permitted" },
      ...{ durationMs: 12, isKept: true, error: { name: "HandrailError", code: "timeout" } },
    },
    { ...head, who: server, letters: 38 },
    { ...head, who: server },
    { ...head, who: "ssh.service", letters: 27 },
    { ...head, who: server },
  ]);
});

it("takes as many lines as there may be, however long, and keeps the newest", async () => {
  const program = `
    const message = "x".repeat(4000);
    for (let at = 1; at <= 20000; at++) {
      const entry = { __REALTIME_TIMESTAMP: String(at * 1e6), _TRANSPORT: "kernel", MESSAGE: message };
      require("node:fs").writeSync(1, JSON.stringify(entry) + "\\n");
    }`;
  const told = await readJournal([process.execPath, "--eval", program]);
  expect(told.length).toBeLessThanOrEqual(6 * 1024 * 1024);
  const lines = told.trim().split("\n");
  const times = lines.map((each) => Date.parse((JSON.parse(each) as { at: string }).at));
  expect(times.at(-1)).toBe(20_000_000);
  expect(times[0]).toBe(20_000_000 - (lines.length - 1) * 1000);
  expect(lines.length).toBeGreaterThan(1000);
});

it("is none where its program fails or is not there", async () => {
  await expect(readJournal([process.execPath, "--eval", "process.exit(3)"])).rejects.toThrow("3");
  await expect(readJournal(["/nowhere/journalctl"])).rejects.toThrow("ENOENT");
});
