import { HandrailError } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { createLog, type LogLevel } from "../../../appliance/server/log.ts";

function newLog(level: LogLevel = "debug") {
  const lines: string[] = [];
  return { lines, log: createLog(level, (line) => void lines.push(line)) };
}

describe("the log", () => {
  it("writes one JSON object a line with time, level and event", () => {
    const { log, lines } = newLog();
    log.child({ lsid: "a".repeat(32) }).info("session.ended", { durationMs: 5 });
    expect(lines).toHaveLength(1);
    const line: unknown = JSON.parse(lines[0] ?? "");
    expect(line).toMatchObject({ level: "info", event: "session.ended", durationMs: 5 });
    expect(line).toHaveProperty("lsid", "a".repeat(32));
    expect(line).toHaveProperty("at");
  });

  it("holds nothing that a terminal obeys, and the same when it is read", () => {
    const { log, lines } = newLog();
    const name = "Eve\u001b[2J\u009b31m\u007f\u202egnp\u2028\r\n\u2066";
    log.info("customer.joined", { name });
    expect(lines[0]).toMatch(/^[ -~]+$/);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ name });
  });

  it("leaves out what is below its level", () => {
    const { log, lines } = newLog("warn");
    log.info("a.happened");
    log.debug("b.happened");
    log.warn("c.happened");
    log.error("d.happened");
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      "c.happened",
      "d.happened",
    ]);
  });

  it.each([
    { password: "hunter2hunter2" },
    { ticket: "0123456789abcdef0123456789abcdef" },
    { typed: "hunter2hunter2" },
    { nested: { accessToken: "hunter2hunter2" } },
    { list: [{ resumeToken: "hunter2hunter2" }] },
    { where: "123 4567" },
    { where: "1234567" },
    { where: "sent hra_0123456789abcdefghij0123456789 along" },
    { error: new Error("bad hrr_0123456789abcdefghij0123456789") },
  ])("hides secrets: %o", (fields) => {
    const { log, lines } = newLog();
    log.info("secret.leaked", fields);
    expect(lines[0]).not.toMatch(/hunter2|0123456789abcdef|123 ?4567/);
    expect(lines[0]).toContain("(…)");
  });

  it("describes errors with their code and cause", () => {
    const { log, lines } = newLog();
    const cause = new Error("connection refused");
    log.error("jump.failed", { error: new HandrailError("unavailable", "open", { cause }) });
    expect(lines[0]).toContain('"code":"unavailable"');
    expect(lines[0]).toContain("connection refused");
  });

  it("survives whatever it is given", () => {
    const { log, lines } = newLog();
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    log.info("odd.seen", { circle, big: 5n, bytes: new Uint8Array(3), nothing: null });
    expect(lines[0]).toContain('"bytes":"bytes(3)"');
  });
});
