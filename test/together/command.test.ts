import { mkdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { healthReportShape } from "@handrail/protocol/upkeep";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../appliance/server/clock.ts";
import { noSchedule } from "../../appliance/server/backup/schedule.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import { MailServer } from "../support/mail-server.ts";
import { SettingsMachine } from "../support/settings-machine.ts";
import { accessToken, Admin } from "../support/signed-in.ts";

let appliance: Appliance;
beforeAll(async () => {
  appliance = await Appliance.start();
  await appliance.setUp();
});
afterAll(() => appliance[Symbol.asyncDispose]());

/** What a command printed and how it ended, also where that is no success. */
async function said(where: Appliance, ...args: string[]) {
  await using program = where.commandBeside(where.dataDirectory, ...args);
  return { code: await program.ended(), text: program.output };
}

describe("the handrail command", () => {
  it("writes beside a running appliance, and the audit log stays in order", async () => {
    await accessToken(appliance);
    await new Admin(appliance).signIn();
    await accessToken(appliance);
    const events = (await appliance.command("verify")).trim();
    expect(events).toMatch(/^intact: 6 rows, head [0-9a-f]{64}$/);
  });

  it("makes a credential that says where the appliance is and how to know it", async () => {
    const made = await appliance.command("console-credential", "--representative", "ann");
    const site = JSON.parse((await appliance.ask("/api/site")).text) as { fingerprint: string };
    expect(JSON.parse(made)).toEqual({
      url: appliance.url,
      fingerprint: site.fingerprint,
      credential: expect.stringMatching(/^hrc_/) as string,
    });
  });

  it("sets how mail is sent, with a password that no argument has, and sends a test mail", async () => {
    const account = { user: "handrail", password: "correct horse battery" };
    await using server = await MailServer.start({ account });
    const place = ["--security", "none", "--host", "127.0.0.1", "--port", String(server.port)];
    const from = ["--sender", "handrail@example.org", "--user", account.user, "--password"];
    const input = `${account.password}\n`;
    const set = await appliance.commandWith(input, "mail", "set", ...place, ...from);
    expect(set).toContain(`none://127.0.0.1:${server.port} user=handrail`);
    expect(set).not.toContain(account.password);
    await appliance.command("mail", "test", "ann@example.org");
    expect(server.mails).toMatchObject([{ to: ["ann@example.org"], user: "handrail" }]);
    server.refuses = { recipient: [550, "5.1.1 no such person"] };
    const refused = await said(appliance, "mail", "test", "bob@example.org");
    expect(refused.code).toBe(1);
    expect(refused.text).toContain("It says: 550 5.1.1 no such person");
    const keys = await said(appliance, "mail", "set", "--session-keys", "maybe");
    expect(keys).toMatchObject({ code: 1, text: expect.stringContaining("mailsKeys") as string });
    const on = await appliance.command("mail", "set", "--session-keys", "on");
    expect(on).toContain("session-keys");
    expect(await appliance.command("mail", "off")).toContain("No mail is sent.");
  });

  it("sets the machine's network, and writes it down; says in French what cannot be", async () => {
    await using machine = await SettingsMachine.start(systemClock);
    const env = { HANDRAIL_SETTINGS_SOCKET: machine.socketFile, HANDRAIL_LANGUAGE: "fr" };
    await using site = await Appliance.start({ env });
    const place = ["network", "set", "192.0.2.10/24"];
    expect(await site.command(...place, "--gateway", "192.0.2.1", "--keep")).toBe("");
    expect(await site.command("network", "show")).toContain(
      "Settings: 192.0.2.10/24; gateway 192.0.2.1\neth0: 192.0.2.10/24\n",
    );
    const refused = await said(site, ...place, "--gateway", "198.51.100.1");
    expect([refused.code, refused.text]).toEqual([1, expect.stringContaining("La passerelle")]);
    expect((await said(site, "network", "set")).code).toBe(2);
    const unknown = await said(site, "administrator-password", "--name", "nobody");
    expect(unknown.text).toContain("Il n'y a pas de représentant nobody.");
    expect(await site.command("verify")).toMatch(/^intact: 4 rows/);
  });

  it("says how the machine and the appliance are, and fails when something is bad", async () => {
    await using aged = await Appliance.start();
    await aged.setUp();
    const told = await said(aged, "health");
    expect(told.text).toMatch(/^Last backup +needs attention +none on the appliance$/m);
    expect(told.text).toMatch(/^Up-time .*server 0 h$/m);
    const backups = path.join(aged.dataDirectory, "backups");
    await mkdir(backups);
    const old = path.join(backups, "handrail-host-2020.hrbackup");
    await writeFile(old, "");
    await utimes(old, 1_577_836_800, 1_577_836_800);
    using database = new DatabaseSync(path.join(aged.dataDirectory, "handrail.sqlite"), {
      timeout: 5_000,
    });
    const schedule = { ...noSchedule, every: "daily" };
    database
      .prepare("INSERT INTO applianceValue (name, value) VALUES ('backup-schedule', ?)")
      .run(Buffer.from(JSON.stringify(schedule)));
    const { code, text } = await said(aged, "health", "--json");
    const report = healthReportShape.parse(JSON.parse(text));
    expect([code, report.judgement]).toEqual([1, "bad"]);
    expect(report.verdicts).toContainEqual({
      ...{ subject: "backup", judgement: "bad", reason: "backup-old" },
    });
    const ann = new Admin(aged);
    await ann.signIn();
    const page = healthReportShape.parse(await ann.json("health"));
    expect(page.verdicts.find(({ subject }) => subject === "backup")?.reason).toBe("backup-old");
    expect((await said(aged, "health", "--often")).code).toBe(2);
  });

  it("lets an administrator in again whose name is locked or password lost, once", async () => {
    await using locked = await Appliance.start();
    await locked.setUp();
    const eve = new Admin(locked);
    const statuses: number[] = [];
    while (statuses.at(-1) !== 429) statuses.push((await eve.signIn("ann", "wrong")).status);
    expect((await eve.signIn()).status).toBe(429);
    const made = await locked.command("administrator-password", "--name", "ANN");
    const password = /^[A-Z0-9]{4}(-[A-Z0-9]{4}){5}$/m.exec(made)?.[0] ?? "";
    expect(made).toContain(`sign in as ann at ${locked.url}/login`);
    const ann = new Admin(locked);
    expect((await ann.signIn("ann", password.toLowerCase())).status).toBe(200);
    // It is used up, and the name is free again.
    expect((await new Admin(locked).signIn("ann", password)).status).toBe(401);
    expect((await new Admin(locked).signIn()).status).toBe(200);
    const { rows } = await ann.json<{ rows: { event: string; who: string; detail: object }[] }>(
      "audit",
    );
    expect(rows).toContainEqual(
      expect.objectContaining({
        event: "one-time-password.made",
        who: "operator",
        detail: { account: "ann" },
      }),
    );
    expect(rows.find(({ event }) => event === "sign-in.succeeded")?.detail).toBeDefined();
    expect(JSON.stringify(rows)).toContain('"by":"one-time-password"');
    expect(JSON.stringify(rows)).not.toContain(password);
    expect(locked.program.output).not.toContain(password);
  });

  it.each([
    [["administrator-password"], "Usage:"],
    [["administrator-password", "--name", "nobody"], "There is no representative nobody."],
    [["console-credential", "--representative", "nobody"], "There is no representative nobody."],
    [["console-credential"], "Usage:"],
    [["set-up-code"], "The site is set up"],
    [["nonsense"], "Usage:"],
    [["verify"], "There is no appliance in"],
  ])("says why it cannot do %o", async (args, reason) => {
    const isElsewhere = args[0] === "verify";
    const where = isElsewhere ? await Appliance.start() : appliance;
    try {
      if (isElsewhere) await where[Symbol.asyncDispose]();
      await expect(where.command(...args)).rejects.toThrow(reason);
    } finally {
      if (isElsewhere) await where[Symbol.asyncDispose]();
    }
  });

  it("names the first row of the audit log that was changed", async () => {
    await using tampered = await Appliance.start();
    await tampered.setUp();
    await new Admin(tampered).signIn();
    const database = new DatabaseSync(path.join(tampered.dataDirectory, "handrail.sqlite"));
    database.exec("DROP TRIGGER auditIsNotChanged; UPDATE audit SET who = 'eve' WHERE seq = 2");
    database.close();
    await expect(tampered.command("verify")).rejects.toThrow("not intact: row 2:");
    const admin = new Admin(tampered);
    expect((await admin.signIn(administrator.name)).status).toBe(200);
    expect(await admin.json("status")).toMatchObject({ audit: { intact: false } });
  });
});
