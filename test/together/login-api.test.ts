import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { connectConsole, connectCustomer, sampleCustomer } from "../support/party.ts";
import { root } from "../support/root.ts";
import { accessToken, Admin } from "../support/signed-in.ts";

interface Listed {
  id: string;
  name: string;
  displayName: string;
  role: string;
  disabledAt?: number;
}

const goodPassword = "another long enough phrase";

let appliance: Appliance;
let ann: Admin;
beforeAll(async () => {
  const env = { HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "1000", HANDRAIL_SEATS: "2" };
  appliance = await Appliance.start({ env });
  await appliance.setUp();
  ann = new Admin(appliance);
  await ann.signIn();
});
afterAll(() => appliance[Symbol.asyncDispose]());

async function add(name: string, role = "representative"): Promise<string> {
  const account = { name, displayName: `The ${name}`, password: goodPassword, role };
  const answer = await ann.write("representatives", account);
  expect(answer.status, answer.text).toBe(201);
  return (JSON.parse(answer.text) as { id: string }).id;
}

function codeOf(text: string): unknown {
  return (JSON.parse(text) as { code: unknown }).code;
}

describe("the set-up", () => {
  it("is needed once, with the code that the appliance has shown", async () => {
    await using fresh = await Appliance.start();
    const state = async () => JSON.parse((await fresh.ask("/login/api/state")).text) as unknown;
    expect(await state()).toMatchObject({ setUpNeeded: true });
    const wrong = { ...administrator, code: "AAAA-AAAA-AAAA-AAAA" };
    const refused = await fresh.ask("/login/api/set-up", { json: wrong });
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text)).toMatchObject({ code: "not-permitted", field: "code" });
    const code = /"setUpCode":"([^"]+)"/.exec(fresh.program.output)?.[1] ?? "";
    const weak = { ...administrator, code, password: "short" };
    const tooWeak = await fresh.ask("/login/api/set-up", { json: weak });
    expect(JSON.parse(tooWeak.text)).toMatchObject({ code: "bad-request", field: "password" });
    const done = await fresh.ask("/login/api/set-up", { json: { ...administrator, code } });
    expect(done.status).toBe(201);
    expect(String(done.headers["set-cookie"])).toContain("HttpOnly; Secure; SameSite=Strict");
    expect(await state()).toMatchObject({ setUpNeeded: false });
    const again = await fresh.ask("/login/api/set-up", { json: { ...administrator, code } });
    expect(codeOf(again.text)).toBe("conflict");
  });

  it("limits guesses of the code", async () => {
    await using fresh = await Appliance.start({
      env: { HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "3" },
    });
    const json = { ...administrator, code: "AAAA-AAAA-AAAA-AAAA" };
    const statuses = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await fresh.ask("/login/api/set-up", { json })).status);
    }
    expect(statuses).toEqual([403, 403, 403, 429]);
  });
});

describe("signing in at /login", () => {
  it("refuses a wrong password, and locks after five", async () => {
    await add("lars");
    const admin = new Admin(appliance);
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await admin.signIn("lars", "wrong"));
    expect(answers.slice(0, 5).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(codeOf(answers[0]?.text ?? "")).toBe("password-wrong");
    expect(answers[5]?.status).toBe(429);
    expect(Number(answers[5]?.headers["retry-after"])).toBeGreaterThan(20);
    expect((await admin.signIn("lars", goodPassword)).status).toBe(429);
  });

  it("says who is signed in, until signing out", async () => {
    const admin = new Admin(appliance);
    await admin.signIn();
    expect(await admin.json("state")).toMatchObject({
      setUpNeeded: false,
      signedIn: { name: "ann", displayName: "Ann Archer", role: "administrator" },
    });
    expect((await admin.write("sign-out", {})).status).toBe(200);
    expect(await admin.json("state")).not.toHaveProperty("signedIn");
    expect((await admin.read("representatives")).status).toBe(401);
  });

  it("takes no write without the secret of the session", async () => {
    const admin = new Admin(appliance);
    await admin.signIn();
    admin.csrf = "guessed";
    const account = { name: "eve", displayName: "Eve", password: goodPassword };
    const answer = await admin.write("representatives", account);
    expect(answer.status).toBe(403);
    expect(
      (await ann.json<{ representatives: Listed[] }>("representatives")).representatives,
    ).not.toContainEqual(expect.objectContaining({ name: "eve" }));
  });

  it("keeps everything from those who are not administrators", async () => {
    const id = await add("rita");
    const rita = new Admin(appliance);
    await rita.signIn("rita", goodPassword);
    const pages = ["representatives", "status", "audit", "audit/export?format=csv"];
    for (const where of [...pages, "health", "storage", "machine"]) {
      expect((await rita.read(where)).status, where).toBe(403);
      expect((await appliance.ask(`/login/api/${where}`)).status, where).toBe(401);
    }
    const writes = [
      await rita.write("representatives", { name: "x", displayName: "x", password: goodPassword }),
      await rita.write(`representatives/${id}`, { role: "administrator" }, "PATCH"),
      await rita.write(`representatives/${id}/password`, { password: goodPassword }),
      await rita.write(`representatives/${id}/revoke`, {}),
      await rita.write("storage/retention", { recordingDays: 1 }),
      await rita.write(`sessions/${"a".repeat(32)}/kept`, { isKept: false }),
      await rita.write("machine/act", { act: "power-off" }),
      await rita.write("machine/network", { method: "dhcp" }, "PATCH"),
      await rita.write("machine/ssh", { authorisedKey: "" }, "PATCH"),
    ];
    expect(writes.map(({ status }) => status)).toEqual(writes.map(() => 403));
  });

  it("says that there is no machine to set or to restart in a checkout", async () => {
    const machine = { canRestart: false, hasSettings: false };
    expect(await ann.json("machine")).toMatchObject(machine);
    const writes = [
      await ann.write("machine/act", { act: "reboot" }),
      await ann.write("machine/time", { zone: "Etc/UTC", ntpServers: [] }, "PATCH"),
    ];
    expect(writes.map(({ text }) => codeOf(text))).toEqual(["unavailable", "unavailable"]);
    expect((await ann.write("machine/act", { act: "explode" })).status).toBe(400);
  });
});

describe("representatives", () => {
  it("are added, listed and changed", async () => {
    const id = await add("bob");
    const change = { displayName: "Robert", rules: { control: { setting: "deny" } } };
    expect((await ann.write(`representatives/${id}`, change, "PATCH")).status).toBe(200);
    const { representatives } = await ann.json<{ representatives: Listed[] }>("representatives");
    expect(representatives.find((each) => each.id === id)).toMatchObject({
      name: "bob",
      ...change,
      role: "representative",
    });
  });

  it.each([
    [{ name: "", displayName: "x", password: goodPassword }, "name"],
    [{ name: "a b", displayName: "x", password: goodPassword }, "name"],
    [{ name: "ANN", displayName: "x", password: goodPassword }, "name"],
    [{ name: "zoe", displayName: " ", password: goodPassword }, "displayName"],
    [{ name: "zoe", displayName: "x", password: "short" }, "password"],
    [{ name: "zoe", displayName: "x", password: goodPassword, role: "king" }, "role"],
    [{ displayName: "x", password: goodPassword }, "name"],
  ])("are refused with the field that is wrong: %o", async (account, field) => {
    const answer = await ann.write("representatives", account);
    expect([400, 409]).toContain(answer.status);
    expect(JSON.parse(answer.text)).toMatchObject({ field });
  });

  it("that are disabled are cut off at once", async () => {
    const id = await add("dora");
    await using end = await connectConsole(appliance.url, await accessToken(appliance, "dora"));
    await ann.write(`representatives/${id}`, { disabled: true }, "PATCH");
    expect(await end.closes()).toBe(4423);
    await expect(connectConsole(appliance.url, end.accessToken)).rejects.toMatchObject({
      code: "not-authenticated",
    });
    const dora = new Admin(appliance);
    expect((await dora.signIn("dora", goodPassword)).status).toBe(403);
    await expect(accessToken(appliance, "dora")).rejects.toThrow("disabled");
  });

  it("get a new password, which ends what they had open", async () => {
    const id = await add("paul");
    const paul = new Admin(appliance);
    await paul.signIn("paul", goodPassword);
    const password = "a third good long phrase";
    expect((await ann.write(`representatives/${id}/password`, { password })).status).toBe(200);
    expect(await paul.json("state")).not.toHaveProperty("signedIn");
    expect((await paul.signIn("paul", password)).status).toBe(200);
  });

  it("are signed out everywhere on request", async () => {
    const id = await add("vera");
    await using end = await connectConsole(appliance.url, await accessToken(appliance, "vera"));
    expect((await ann.write(`representatives/${id}/revoke`, {})).status).toBe(200);
    expect(await end.closes()).toBe(4401);
  });

  it("always leave one administrator", async () => {
    const { signedIn } = await ann.json<{ signedIn: { id: string } }>("state");
    for (const change of [{ disabled: true }, { role: "representative" }]) {
      const answer = await ann.write(`representatives/${signedIn.id}`, change, "PATCH");
      expect(answer.status).toBe(409);
    }
  });
});

describe("sessions", () => {
  it("are shown to administrators and to those who took part", async () => {
    const outsider = new Admin(appliance);
    await add("olga");
    await outsider.signIn("olga", goodPassword);
    const token = await accessToken(appliance);
    await using rep = await connectConsole(appliance.url, token);
    const { key, lsid } = await rep.key();
    await using customer = await connectCustomer(appliance.url, { key });
    await rep.call("session.accept", { lsid });
    await rep.call("chat.send", { lsid, text: "Hello" });

    const query = `sessions?q=${sampleCustomer.computer}&limit=5`;
    const list = await ann.json<{ sessions: { lsid: string }[] }>(query);
    expect(list.sessions.map((each) => each.lsid)).toEqual([lsid]);
    expect(await ann.json(`sessions/${lsid}`)).toMatchObject({
      session: { lsid, state: "active", customer: { name: sampleCustomer.name } },
      chat: [{ text: "Hello" }],
    });
    // Not even that there is one, or names could be guessed a letter at a time.
    const guess = `sessions?q=${sampleCustomer.computer}&limit=1`;
    expect(await outsider.json(guess)).toEqual({ sessions: [] });
    expect((await outsider.read(`sessions/${lsid}`)).status).toBe(404);

    const headers = { authorization: `Bearer ${token}` };
    const events = await appliance.ask(`/api/sessions/${lsid}/events`, { headers });
    expect(JSON.parse(events.text)).toMatchObject({ session: { lsid } });
    const recording = await appliance.ask(`/api/sessions/${lsid}/recording`, { headers });
    expect(recording.status).toBe(404);
    expect((await appliance.ask(`/api/sessions/${lsid}/events`)).status).toBe(401);
    await rep.call("session.end", { lsid });
    await customer.closes();
  });

  it("are not found by what is no LSID", async () => {
    expect((await ann.read("sessions/nonsense")).status).toBe(400);
    expect((await ann.read(`sessions/${"0".repeat(32)}`)).status).toBe(404);
    expect((await ann.read("sessions?limit=100000")).status).toBe(400);
  });
});

describe("the status", () => {
  it("names the machine, its certificate, who is connected and seats in use", async () => {
    await using end = await connectConsole(appliance.url, await accessToken(appliance));
    expect(end.welcome).toBeDefined();
    const status = await ann.json<Record<string, unknown>>("status");
    expect(status).toMatchObject({
      version: "0.1.0",
      clients: { console: 1, customer: 0 },
      seats: { used: 1, total: 2 },
      audit: { intact: true },
    });
    expect(status.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(status.disk).toHaveProperty("freeBytes");
  });

  it("refuses a console when every seat is taken", async () => {
    for (const name of ["mia", "noah"]) await add(name);
    const tokens = [
      await accessToken(appliance),
      await accessToken(appliance, "mia"),
      await accessToken(appliance, "noah"),
    ];
    await using stack = new AsyncDisposableStack();
    for (const token of tokens.slice(0, 2)) stack.use(await connectConsole(appliance.url, token));
    const third = connectConsole(appliance.url, tokens[2] ?? "");
    await expect(third).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is backed by an audit log of every change, which the command verifies", async () => {
    await add("tina");
    const { rows } = await ann.json<{ rows: { seq: number; event: string }[] }>("audit?limit=2");
    expect(rows.map(({ event }) => event)).toContain("account.added");
    expect(rows[0]?.seq).toBeGreaterThan(rows[1]?.seq ?? 0);
    const older = await ann.json<{ rows: { seq: number }[] }>(`audit?before=${rows[1]?.seq}`);
    expect(older.rows[0]?.seq).toBe((rows[1]?.seq ?? 0) - 1);
    expect(await appliance.command("verify")).toMatch(/^intact: \d+ rows, head [0-9a-f]{64}\n$/);
  });

  it("gives rows of the audit log by kind, person, time and text, with the names of today", async () => {
    type Found = { rows: { event: string; whoId?: string }[]; people: Record<string, string> };
    const { rows, people } = await ann.json<Found>("audit?kind=signIns&limit=500");
    expect(new Set(rows.map(({ event }) => event.split(".")[0]))).toContain("sign-in");
    expect(rows.every(({ event }) => /^(sign-in|console)/.test(event))).toBe(true);
    expect(Object.values(people)).toContain("Ann Archer");
    const whoId = Object.keys(people).find((id) => people[id] === "Ann Archer") ?? "";
    const hers = await ann.json<Found>(`audit?whoId=${whoId}&text=sign-in`);
    expect(hers.rows.length).toBeGreaterThan(0);
    expect(hers.rows.every((row) => row.whoId === whoId)).toBe(true);
    expect(await ann.json<Found>(`audit?from=${Date.now() + 60_000}`)).toMatchObject({ rows: [] });
    expect((await ann.read("audit?kind=nonsense")).status).toBe(400);
  });

  it("gives the audit log as a file, to administrators alone, and says so in it", async () => {
    const csv = await ann.read("audit/export?format=csv");
    expect(csv.headers["content-type"]).toContain("text/csv");
    expect(csv.headers["content-disposition"]).toContain('filename="audit.csv"');
    const [head, first] = csv.text.split("\r\n");
    expect(head).toMatch(/^"row","time",/);
    expect(first).toMatch(/^"1","\d{4}-\d\d-\d\dT[^"]*Z","site.set-up","Ann Archer"/);
    const jsonl = await ann.read("audit/export?format=jsonl&kind=administration");
    const rows = jsonl.text.trim().split("\n");
    const last = JSON.parse(rows.at(-1) ?? "") as Record<string, unknown>;
    expect(last).toMatchObject({ event: "audit.exported", detail: { format: "jsonl" } });
    expect((await appliance.ask("/login/api/audit/export?format=csv")).status).toBe(401);
  });
});

describe("the administration pages", () => {
  it("are served below /login, with files that never change apart from the page", async () => {
    // Built by `npm test` before it comes here.
    expect(existsSync(path.join(root, "dist/media/login/index.html"))).toBe(true);
    const page = await appliance.ask("/login/sessions/abc");
    expect(page.status).toBe(200);
    expect(page.headers["cache-control"]).toBe("no-store");
    const nonce = /nonce-([A-Za-z0-9+/=]+)/.exec(
      String(page.headers["content-security-policy"]),
    )?.[1];
    expect(page.text).toContain(`nonce="${nonce}"`);
    const script = /src="(\/login\/assets\/[^"]+)"/.exec(page.text)?.[1] ?? "";
    const asset = await appliance.ask(script);
    expect(asset.status).toBe(200);
    expect(asset.headers["cache-control"]).toContain("immutable");
    expect((await appliance.ask("/login/assets/none.js")).status).toBe(404);
    expect((await appliance.ask("/login/api/none")).status).toBe(404);
  });
});
