import { isLsid, type Lsid } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession, recordShell } from "../page/recorded-session.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import { poll } from "../support/poll.ts";
import { accessToken, Admin } from "../support/signed-in.ts";

const password = "a long and safe word";
const stack = new AsyncDisposableStack();
let appliance: Appliance;
let ann: Admin;
/** Bob's sessions: one that is over, and one that goes on. */
let over: Lsid;
let current: Awaited<ReturnType<typeof beginSession>>;

beforeAll(async () => {
  appliance = stack.use(await Appliance.start());
  await appliance.setUp();
  ann = await signedIn(administrator.name, administrator.password);
  for (const name of ["bob", "cid"]) {
    const account = { name, displayName: name.toUpperCase(), password, role: "representative" };
    expect((await ann.write("representatives", account)).status).toBe(201);
  }
  {
    await using session = await beginSession(appliance, "bob");
    await recordShell(session, "one\r\n");
    await recordShell(session, "two\r\n");
    await session.representative.call("session.end", { lsid: session.lsid });
    over = session.lsid;
  }
  current = stack.use(await beginSession(appliance, "bob"));
  await recordShell(current, "three\r\n");
  // What is shown is on the disk a second later.
  await poll("the shells are on the disk", async () => {
    const texts = [await ann.read(at(over, 2)), await ann.read(at(current.lsid, 1))];
    return texts.every(({ text }) => /two|three/.test(text));
  });
});
afterAll(() => stack.disposeAsync());

interface Shells {
  readonly shells: readonly {
    number: number;
    startedAt: number;
    title: string;
    sizeBytes: number;
  }[];
}

async function signedIn(name: string, word: string): Promise<Admin> {
  const browser = new Admin(appliance);
  expect((await browser.signIn(name, word)).status).toBe(200);
  return browser;
}

function at(lsid: string, number?: number): string {
  return `sessions/${lsid}/shells${number === undefined ? "" : `/${number}`}`;
}

/** Asks as that representative's console does. */
async function console(name: string) {
  const authorization = `Bearer ${await accessToken(appliance, name)}`;
  return (where: string) => appliance.ask(`/api/${where}`, { headers: { authorization } });
}

function opened(lsid: Lsid): Promise<readonly unknown[]> {
  return ann
    .json<{ rows: { event: string; lsid?: string }[] }>("audit?limit=200&kind=recordings")
    .then(({ rows }) =>
      rows.filter((row) => row.event === "recording.opened" && row.lsid === lsid),
    );
}

describe("the recorded shells of a session", () => {
  it("are listed for an administrator, and given as they were written", async () => {
    const { shells } = await ann.json<Shells>(at(over));
    expect(shells.map(({ number }) => number)).toEqual([1, 2]);
    expect(shells[0]).toMatchObject({ title: "carla-pc – BOB" });
    const before = (await opened(over)).length;
    const answer = await ann.read(at(over, 2));
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain("application/x-asciicast");
    expect(answer.headers["cache-control"]).toBe("private, no-store");
    expect(answer.headers["content-disposition"]).toContain(`${over}.shell-2.cast`);
    expect(Number(answer.headers["content-length"])).toBe(shells[1]?.sizeBytes);
    const [head = "", ...lines] = answer.text.trimEnd().split("\n");
    expect(JSON.parse(head)).toMatchObject({ version: 2, width: 80, height: 12 });
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual([expect.any(Number), "o", "two\r\n"]);
    const rows = await opened(over);
    expect(rows).toHaveLength(before + 1);
    expect(rows[0]).toMatchObject({ who: administrator.displayName, detail: { shell: 2 } });
  });

  it("are there for who took part, at /login and in the console", async () => {
    const bob = await signedIn("bob", password);
    expect((await bob.json<Shells>(at(over))).shells).toHaveLength(2);
    expect((await bob.read(at(over, 1))).text).toContain("one");
    expect((await bob.read(at(current.lsid, 1))).text).toContain("three");
    const ask = await console("bob");
    expect(JSON.parse((await ask(at(over))).text)).toMatchObject({ shells: [{}, {}] });
    expect((await ask(at(over, 1))).text).toContain("one");
  });

  it("do not exist for anybody else, and nothing is written of the attempt as of a look", async () => {
    const cid = await signedIn("cid", password);
    const ask = await console("cid");
    const before = (await opened(over)).length;
    for (const where of [at(over), at(over, 1), at(current.lsid), at(current.lsid, 1)]) {
      expect((await cid.read(where)).status, where).toBe(404);
      expect((await ask(where)).status, where).toBe(404);
    }
    expect(await opened(over)).toHaveLength(before);
  });

  it("are for nobody who has not signed in", async () => {
    for (const where of [at(over), at(over, 1)]) {
      expect((await new Admin(appliance).read(where)).status, where).toBe(401);
      expect((await appliance.ask(`/api/${where}`)).status, where).toBe(401);
      const headers = { authorization: "Bearer nonsense" };
      expect((await appliance.ask(`/api/${where}`, { headers })).status, where).toBe(401);
    }
  });

  it("have numbers, and nothing else leads to a file", async () => {
    const unknown = "0".repeat(32);
    expect(isLsid(unknown)).toBe(true);
    expect((await ann.read(at(over, 3))).status).toBe(404);
    expect((await ann.read(at(unknown, 1))).status).toBe(404);
    for (const odd of ["0", "-1", "1.5", "x", "..%2f..%2fhandrail.sqlite", "1%00"]) {
      const { status } = await ann.read(`${at(over)}/${odd}`);
      expect([400, 404], odd).toContain(status);
    }
  });

  it("are gone for who has left a session, until it is over", async () => {
    const { lsid, representative } = current;
    const bob = await signedIn("bob", password);
    await representative.call("session.leave", { lsid });
    expect((await bob.read(at(lsid))).status).toBe(404);
    await current.customer.call("session.stop", {});
    await poll("it is over", async () => (await bob.read(at(lsid))).status === 200);
    expect((await bob.read(at(lsid, 1))).text).toContain("three");
  });
});
