import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HealthReading } from "@handrail/protocol/upkeep";
import { type Clock, systemClock } from "../../../../appliance/server/clock.ts";
import { judge } from "../../../../appliance/server/health/judge.ts";
import { createLog } from "../../../../appliance/server/log.ts";
import { MailDesk } from "../../../../appliance/server/mail/desk.ts";
import { Post } from "../../../../appliance/server/mail/post.ts";
import { type MailForm, mailForm } from "../../../../appliance/server/mail/settings.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { MailServer, textOf } from "../../../support/mail-server.ts";
import { poll } from "../../../support/poll.ts";
import { wellReading } from "../health/reading.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const by = { name: "Ann Archer" };

let stack: AsyncDisposableStack;
let site: ReturnType<typeof openSite>;
let server: MailServer;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  server = stack.use(await MailServer.start());
  site = openSite(stack);
});
afterEach(() => stack.disposeAsync());

/** The parts of an appliance that write to administrators, on a clock that a test moves. */
function openSite(on: AsyncDisposableStack) {
  const clock = new FakeClock(wellReading.readAt);
  const store = on.use(openStore(":memory:", clock));
  const log = createLog("error");
  const audit = on.use(new AuditLog({ store, clock, log }));
  const values = applianceValues(store);
  const parts = {
    ...{ values, audit, clock: impatient(clock), log },
    ...{ host: "help.example.org", siteName: "Example", publicUrl: "https://help.example.org" },
  };
  const desk = new MailDesk(parts);
  const state: { found: Partial<HealthReading> } = { found: {} };
  const health = () => {
    const readAt = clock.now();
    const backup = { lastAt: readAt - dayMs, isScheduled: true, hasFailed: false };
    return Promise.resolve(judge({ ...wellReading, readAt, backup, ...state.found }));
  };
  const open = () => new Post({ ...parts, health });
  const post = on.use(open());
  return { audit, clock, desk, open, post, state };
}

/** What waits for a server goes by the true time: a test does not know how long that takes. */
function impatient(clock: FakeClock): Clock {
  return {
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, work) => (delayMs > 5_000 ? systemClock : clock).after(delayMs, work),
  };
}

function form(more: Partial<MailForm> = {}): MailForm {
  return mailForm.parse({
    ...{ host: "127.0.0.1", port: server.port, security: "none" },
    ...{ sender: "handrail@example.org", addressees: ["ann@example.org"] },
    ...more,
  });
}

/** Lets so much time pass, and the post do what there is to do, until it is so. */
async function passes(ms: number, what: string, isSo: () => boolean): Promise<void> {
  site.clock.advance(ms);
  await poll(what, () => {
    if (isSo()) return true;
    site.clock.advance(10 * 60_000);
    return false;
  });
}

/** Whether so many mails have come, and the appliance knows it. */
function haveCome(mails: number): boolean {
  return server.mails.length === mails && site.desk.outbox.waiting.length === 0;
}

/** Lets time pass in which nobody must be written to. */
async function passesQuietly(ms: number): Promise<void> {
  const before = server.mails.length;
  const endsAt = site.clock.now() + ms;
  while (site.clock.now() < endsAt) {
    site.clock.advance(10 * 60_000);
    // What a step waits for is done within this turn: nothing is to be sent.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(site.desk.outbox.waiting).toEqual([]);
  expect(server.mails).toHaveLength(before);
}

function subjects(): string[] {
  return server.mails.map(({ source }) => /^Subject: (.*)$/m.exec(source)?.[1] ?? "");
}

const none = { from: "", to: [], user: "", isSecure: false, source: "" };
const full = { dataDisk: { freeBytes: 4, totalBytes: 100 } };
const well = { dataDisk: { freeBytes: 60, totalBytes: 100 } };

describe("notices to administrators", () => {
  it("come once a day at most, once when all is good again, and never for what is well", async () => {
    await site.desk.change(form({ addressees: ["ann@example.org", "bob@example.org"] }), by);
    await passesQuietly(hourMs);
    site.state.found = full;
    await passes(0, "both were written to", () => haveCome(2));
    const reached = new Set(server.mails.map(({ to }) => to[0]));
    expect(reached).toEqual(new Set(["ann@example.org", "bob@example.org"]));
    expect(subjects()[0]).toBe("[Example] Disk of the data needs attention");
    const [first] = server.mails;
    if (!first) throw new Error("no mail came");
    expect(textOf(first)).toContain("The disk is filling up.");
    expect(textOf(first)).toContain("Sign in at https://help.example.org/login to see more.");
    await passesQuietly(3 * dayMs);
    site.state.found = well;
    await passes(hourMs, "both know", () => haveCome(4));
    expect(subjects()[3]).toBe("[Example] Disk of the data is good again");
    await passesQuietly(dayMs);
    const sent = site.audit.page({ kind: "administration", text: "mail.sent", limit: 10 });
    expect(sent.map(({ detail }) => detail.to)).toContain("bob@example.org");
    expect(sent).toHaveLength(4);
  });

  it("do not come again after a restart, nor when it comes and goes within a day", async () => {
    await site.desk.change(form({ language: "fr" }), by);
    site.state.found = full;
    await passes(hourMs, "it was told", () => haveCome(1));
    await site.post[Symbol.asyncDispose]();
    stack.use(site.open());
    await passesQuietly(5 * hourMs);
    site.state.found = well;
    await passes(hourMs, "it is good again", () => haveCome(2));
    site.state.found = full;
    await passesQuietly(10 * hourMs);
    await passes(dayMs, "it was told the next day", () => haveCome(3));
    expect(textOf(server.mails[2] ?? none)).toContain("Le disque se remplit.");
  });

  it("tell of a certificate from three weeks before its end on, and again after a week", async () => {
    await site.desk.change(form(), by);
    site.state.found = { certificate: { validFrom: 0, validTo: site.clock.now() + 22 * dayMs } };
    await passesQuietly(12 * hourMs);
    await passes(2 * dayMs, "it was told", () => haveCome(1));
    await passesQuietly(6 * dayMs);
    await passes(2 * dayMs, "it was told again", () => haveCome(2));
  });

  it("tell of a backup that is not sent after a day, and of one that was late never", async () => {
    await site.desk.change(form(), by);
    const unsent = (unsentSince: number) => ({
      backup: { lastAt: unsentSince, isScheduled: true, hasFailed: false, unsentSince },
    });
    site.state.found = unsent(site.clock.now());
    await passesQuietly(12 * hourMs);
    site.state.found = {};
    await passesQuietly(12 * hourMs);
    site.state.found = unsent(site.clock.now());
    await passes(dayMs, "it was told", () => haveCome(1));
    expect(textOf(server.mails[0] ?? none)).toContain("could not be sent to where backups go");
    site.state.found = unsent(site.clock.now());
    await passesQuietly(hourMs);
    site.state.found = {};
    await passes(hourMs, "it is good again", () => haveCome(2));
  });

  it("wait for a server that is away, are shown meanwhile, and outlast a restart", async () => {
    const { port } = server;
    const way = form();
    await server[Symbol.asyncDispose]();
    await site.desk.change(way, by);
    site.state.found = full;
    const { desk } = site;
    await passes(hourMs, "it is told", () => desk.outbox.state.trouble !== undefined);
    expect(desk.outbox.state).toMatchObject({
      waiting: 1,
      trouble: { fault: "refused", to: "ann@example.org" },
    });
    await site.post[Symbol.asyncDispose]();
    server = stack.use(await MailServer.start({ port }));
    stack.use(site.open());
    await passes(hourMs, "it came", () => haveCome(1));
    await poll("nothing waits", () => desk.outbox.state.waiting === 0);
    expect(desk.outbox.state.lastSentAt).toBeGreaterThan(0);
  });

  it("are given up when nobody is at the address, and forgotten with the server", async () => {
    server.refuses = { recipient: [550, "5.1.1 no such person"] };
    await site.desk.change(form(), by);
    site.state.found = full;
    const { desk } = site;
    await passes(hourMs, "it was given up", () => desk.outbox.state.givenUp !== undefined);
    expect(desk.outbox.state).toMatchObject({ waiting: 0, givenUp: { fault: "recipient" } });
    const [row] = site.audit.page({ kind: "administration", text: "mail.given-up", limit: 1 });
    expect(row?.detail).toMatchObject({ to: "ann@example.org", mailOutcome: "recipient" });
    await site.desk.change(undefined, by);
    expect(desk.mail).toBeUndefined();
    expect(desk.outbox.state).toEqual({ waiting: 0 });
  });
});
