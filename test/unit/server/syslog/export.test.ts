import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../../../appliance/server/log.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { SyslogDesk } from "../../../../appliance/server/syslog/desk.ts";
import { SyslogExport } from "../../../../appliance/server/syslog/export.ts";
import { readCursor } from "../../../../appliance/server/syslog/target.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { freePort } from "../../../support/free-port.ts";
import { poll } from "../../../support/poll.ts";
import { SyslogServer } from "../../../support/syslog-server.ts";

const host = "help.example.org";
const lookMs = 500;

let stack: AsyncDisposableStack;
let site: ReturnType<typeof openSite>;
beforeEach(() => {
  stack = new AsyncDisposableStack();
  site = openSite(stack);
});
afterEach(() => stack.disposeAsync());

/** The parts of an appliance that send rows, on a clock that a test moves. */
function openSite(on: AsyncDisposableStack) {
  const clock = new FakeClock();
  const store = on.use(openStore(":memory:", clock));
  const log = createLog("error");
  const audit = on.use(new AuditLog({ store, clock, log }));
  const values = applianceValues(store);
  const desk = new SyslogDesk({ values, audit, clock, host });
  const out = new SyslogExport({ store, values, audit, clock, log, host });
  on.defer(async () => {
    const ending = out[Symbol.asyncDispose]();
    // What a server would hold up ends by the clock.
    clock.advance(60_000);
    await ending;
  });
  return { clock, audit, values, desk, out };
}

function tcp(port: number) {
  return { transport: "tcp", host: "127.0.0.1", port, facility: "local0" } as const;
}

async function write(rows: number): Promise<void> {
  const entry = { event: "team.added", who: "Ann Archer" };
  const writing = Array.from({ length: rows }, () => site.audit.append(entry));
  site.audit.flush();
  await Promise.all(writing);
}

/** Lets the export look, a little at a time, until it is so. */
function looks(what: string, isSo: () => boolean): Promise<boolean> {
  return poll(what, () => {
    if (isSo()) return true;
    site.clock.advance(lookMs);
    return false;
  });
}

function isSent(): boolean {
  const { state } = site.out;
  return state.is === "connected" && state.behind === 0;
}

describe("the export of the audit log", () => {
  it("sends again what a server had not read when it died", async () => {
    const { desk, out, values } = site;
    const server = await SyslogServer.start({ isDeaf: true });
    await desk.change(tcp(server.port), { name: "Ann Archer" });
    await write(30);
    await looks("all is handed over", isSent);
    expect(server.rows).toEqual([]);
    expect(readCursor(values)).toBe(0);
    await server.kill();
    await using again = await SyslogServer.start({ port: server.port });
    await looks("the break is seen", () => again.rows.length === 31);
    expect(again.rows).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
    expect(out.state).toMatchObject({ is: "connected" });
  });

  it("does not send again what a line has stood for long enough after", async () => {
    const { clock, desk, values } = site;
    const server = await SyslogServer.start();
    await desk.change(tcp(server.port), { name: "Ann Archer" });
    await write(250);
    await looks("all batches are handed over", () => isSent() && server.rows.length === 251);
    clock.advance(10_000);
    await looks("the position is kept", () => readCursor(values) === 251);
    await server.kill();
    await write(1);
    await using again = await SyslogServer.start({ port: server.port });
    await looks("the new row comes", () => again.rows.length > 0);
    expect(again.rows).toEqual([252]);
  });

  it("goes on trying, says since when, and takes another target at once", async () => {
    const { clock, desk, out } = site;
    await desk.change(tcp(await freePort()), { name: "Ann Archer" });
    await looks("the refusal is seen", () => out.state.is === "waiting");
    const since = clock.now();
    expect(out.state).toEqual({ is: "waiting", behind: 1, since, fault: "refused" });
    clock.advance(300_000);
    expect(out.state).toMatchObject({ since });
    await using server = await SyslogServer.start();
    await desk.change(tcp(server.port), { name: "Ann Archer" });
    out.wake();
    await looks("the rows come", () => server.rows.length === 2);
    expect(server.rows).toEqual([1, 2]);
  });

  it("keeps no position of what is switched off", async () => {
    const { desk, out, values } = site;
    await using server = await SyslogServer.start();
    await desk.change(tcp(server.port), { name: "Ann Archer" });
    await looks("the row comes", () => server.rows.length === 1);
    await desk.change(undefined, { name: "Ann Archer" });
    await looks("the last row comes", () => server.rows.length === 2);
    expect(out.state).toEqual({ is: "off" });
    await write(5);
    await desk.change(tcp(server.port), { name: "Ann Archer" });
    expect(readCursor(values)).toBe(7);
    await looks("only the new beginning comes", () => server.rows.length === 3);
    expect(server.rows).toEqual([1, 2, 8]);
  });
});
