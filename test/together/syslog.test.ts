import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { administrator, Appliance } from "../support/appliance.ts";
import { Authority } from "../support/authority.ts";
import { freePort } from "../support/free-port.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";
import { listenForDatagrams, SyslogServer } from "../support/syslog-server.ts";

const env = { HANDRAIL_CLIENT_DIRECTORY: "/nonexistent" };

let folder: string;
let authority: Authority;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-syslog-"));
  authority = new Authority();
});
afterAll(() => {
  authority[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface View {
  readonly target?: object;
  readonly state: { is: string; behind?: number; fault?: string; fingerprint?: string };
}

async function siteOf(appliance: Appliance) {
  const admin = new Admin(appliance);
  await admin.signIn();
  return {
    admin,
    view: () => admin.json<View>("syslog"),
    async sendTo(target?: object) {
      const answer = await admin.write("syslog", target ? { target } : {}, "PATCH");
      expect(answer.text).toBe("{}");
    },
    async test(target: object) {
      return JSON.parse((await admin.write("syslog/test", { target })).text) as object;
    },
    /** Makes a row of the audit log; gives how many there are. */
    async makeRow(name: string): Promise<number> {
      const made = await admin.write("teams", { name, members: [] });
      expect(made.status).toBe(201);
      const { rows } = await admin.json<{ rows: { seq: number }[] }>("audit?limit=1");
      return rows[0]?.seq ?? 0;
    },
  };
}

function tcp(port: number) {
  return { transport: "tcp", host: "127.0.0.1", port, facility: "local3" };
}

/** All numbers from the first to the last, in order: none is missing, none came too early. */
function expectGapless(rows: readonly number[], last: number): void {
  const [first = 0] = rows;
  expect(rows).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

describe("the audit log over TCP", () => {
  it("loses no row and keeps their order when the server or the appliance is killed", async () => {
    const dataDirectory = mkdtempSync(path.join(folder, "killed-"));
    const port = await freePort();
    const server = await SyslogServer.start();
    const received: number[] = [];
    {
      await using appliance = await Appliance.start({ env, dataDirectory, port });
      await appliance.setUp();
      const site = await siteOf(appliance);
      await site.makeRow("before");
      await site.sendTo(tcp(server.port));
      await poll("the first row came", () => server.rows.length > 0);
      expect(server.messages[0]).toMatchObject({ event: "syslog.changed", priority: 157 });
      expect(server.messages[0]?.data["detail@32473"]?.target).toBe(
        `tcp://127.0.0.1:${server.port} local3`,
      );
      const sent = await site.makeRow("first");
      await poll("the row came", () => server.rows.includes(sent));
      expect((await site.view()).state).toEqual({ is: "connected", behind: 0 });
      await server.kill();
      received.push(...server.rows);
      await site.makeRow("second");
      await poll("it is told", async () => (await site.view()).state.is === "waiting");
      const { state } = await site.view();
      expect(state.behind).toBeGreaterThan(0);
      expect(["refused", "lost"]).toContain(state.fault);
      await site.makeRow("third");
      appliance.program.signal("SIGKILL");
    }
    await using again = await SyslogServer.start({ port: server.port });
    await using appliance = await Appliance.start({ env, dataDirectory, port });
    const site = await siteOf(appliance);
    const last = await site.makeRow("fourth");
    await poll("the last row came", () => again.rows.includes(last));
    const rows = [...new Set([...received, ...again.rows])];
    expectGapless(rows, last);
    const teams = again.messages.filter(({ event }) => event === "team.added");
    expect(teams.map(({ data }) => data["detail@32473"]?.team)).toEqual(
      expect.arrayContaining(["second", "third", "fourth"]),
    );
  });

  it("does not send again what was read, after a stop in good order", async () => {
    const dataDirectory = mkdtempSync(path.join(folder, "stopped-"));
    await using server = await SyslogServer.start();
    {
      await using appliance = await Appliance.start({ env, dataDirectory });
      await appliance.setUp();
      const site = await siteOf(appliance);
      await site.sendTo(tcp(server.port));
      const sent = await site.makeRow("first");
      await poll("the row came", () => server.rows.includes(sent));
    }
    await using appliance = await Appliance.start({ env, dataDirectory });
    const site = await siteOf(appliance);
    const last = await site.makeRow("second");
    await poll("the row came", () => server.rows.includes(last));
    expectGapless(server.rows, last);
    expect(server.messages).toHaveLength(server.rows.length);
    const off = last + 1;
    await site.sendTo();
    await poll("whoever had the rows learns that it gets no more", () => server.rows.includes(off));
    await poll("the line is closed", () => server.connections === 0);
    expect((await site.view()).state).toEqual({ is: "off" });
  });
});

describe("the audit log over TLS", () => {
  it("goes only to a server whose certificate is trusted, by its authority or itself", async () => {
    const issued = authority.issue({ host: "127.0.0.1" });
    const tls = { ...issued, chain: authority.intermediate };
    await using server = await SyslogServer.start({ tls });
    await using appliance = await Appliance.start({ env });
    await appliance.setUp();
    const site = await siteOf(appliance);
    const place = { ...tcp(server.port), transport: "tls" };
    const strange = await site.test({ ...place, trust: { by: "authorities" } });
    expect(strange).toMatchObject({ ok: false, fault: "untrusted" });
    const fingerprint = "fingerprint" in strange ? String(strange.fingerprint) : "";
    const other = await site.test({ ...place, trust: { by: "pin", pin: "0".repeat(64) } });
    expect(other).toEqual({ ok: false, fault: "other-certificate", fingerprint });
    const named = { ...place, host: "localhost", trust: { by: "ca", ca: authority.root } };
    expect(await site.test(named)).toMatchObject({ ok: false, fault: "untrusted" });
    expect(server.messages).toEqual([]);
    const pinned = { ...place, trust: { by: "pin", pin: fingerprint } };
    expect(await site.test(pinned)).toEqual({ ok: true, isRead: true });
    const vouched = { ...place, trust: { by: "ca", ca: authority.root } };
    expect(await site.test(vouched)).toEqual({ ok: true, isRead: true });
    expect(server.messages.map(({ event }) => event)).toEqual(["test-message", "test-message"]);
    await site.sendTo(vouched);
    const sent = await site.makeRow("first");
    await poll("the row came", () => server.rows.includes(sent));
    await site.sendTo(pinned);
    const next = await site.makeRow("second");
    await poll("the row came", () => server.rows.includes(next));
    expectGapless(server.rows, next);
  });

  it("says when there is no TLS, nobody, or no such name, and refuses what is no target", async () => {
    await using plain = await SyslogServer.start();
    await using appliance = await Appliance.start({ env });
    await appliance.setUp();
    const site = await siteOf(appliance);
    const trust = { by: "authorities" };
    const closed = await freePort();
    expect(await site.test(tcp(closed))).toEqual({ ok: false, fault: "refused" });
    const unnamed = { ...tcp(closed), host: "nobody.invalid" };
    expect(await site.test(unnamed)).toEqual({ ok: false, fault: "unknown-name" });
    const talked = await site.test({ ...tcp(plain.port), transport: "tls", trust });
    expect(talked).toEqual({ ok: false, fault: "no-tls" });
    const odd: [string, object][] = [
      ["target.host", { ...tcp(1), host: "no host!" }],
      ["target.port", { ...tcp(1), port: 0 }],
      ["target.trust.pin", { ...tcp(1), transport: "tls", trust: { by: "pin", pin: "ab" } }],
      ["target.trust.ca", { ...tcp(1), transport: "tls", trust: { by: "ca", ca: "none" } }],
    ];
    for (const [field, target] of odd) {
      const refused = await site.admin.write("syslog", { target }, "PATCH");
      expect(JSON.parse(refused.text)).toMatchObject({ code: "bad-request", field });
    }
    expect((await site.view()).state).toEqual({ is: "off" });
  });
});

describe("the command", () => {
  it("sends rows as datagrams, tests, and stops, beside a running appliance", async () => {
    using receiver = await listenForDatagrams();
    const { messages, port } = receiver;
    await using appliance = await Appliance.start({ env });
    await appliance.setUp();
    expect(await appliance.command("syslog", "show")).toContain("sent nowhere");
    const target = `udp://127.0.0.1:${port}`;
    expect(await appliance.command("syslog", "test", target)).toContain("The message is sent.");
    await poll("the test came", () => messages.some(({ event }) => event === "test-message"));
    await appliance.command("syslog", "set", target, "--facility", "auth");
    const changed = await poll("the change came", () =>
      messages.find(({ event }) => event === "syslog.changed"),
    );
    expect(changed.priority).toBe(4 * 8 + 5);
    expect(changed.data["audit@32473"]?.who).toBe("operator");
    expect(await appliance.command("syslog", "show")).toContain(`${target} auth`);
    const admin = new Admin(appliance);
    await admin.signIn(administrator.name, "a wrong password");
    const refused = await poll("the refusal came", () =>
      messages.find(({ event }) => event === "sign-in.refused"),
    );
    expect(refused.priority).toBe(4 * 8 + 4);
    expect(await appliance.command("syslog", "off")).toContain("sent nowhere");
    await poll("the end came", () => messages.filter(({ event }) => event === "syslog.changed")[1]);
  });

  it("takes authorities from a file, and refuses what is no target", async () => {
    await using appliance = await Appliance.start({ env });
    const file = path.join(folder, "authority.pem");
    writeFileSync(file, authority.root);
    const set = ["syslog", "set", "tls://[::1]:6514", "--ca-file", file];
    expect(await appliance.command(...set)).toMatch(/tls:\/\/\[::1\]:6514 local0 ca=[0-9a-f]{64}/);
    await expect(appliance.command("syslog", "set", "http://x:1")).rejects.toThrow("Usage");
    await expect(appliance.command("syslog", "set", "tcp://a b:1")).rejects.toThrow("no DNS name");
    await expect(appliance.command("syslog", "show", "more")).rejects.toThrow("Usage");
  });
});
