import { generalQueue, isQueueId, type Lsid, type QueueId } from "@handrail/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { accessToken, Admin } from "../support/signed-in.ts";

interface TeamRow {
  id: string;
  name: string;
  members: string[];
  waiting: number;
}

const ids = new Map<string, string>();
let appliance: Appliance;
let ann: Admin;
let ends: AsyncDisposableStack;

beforeAll(async () => {
  const env = { HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "1000" };
  appliance = await Appliance.start({ env });
  await appliance.setUp();
  ann = new Admin(appliance);
  await ann.signIn();
  for (const name of ["bob", "cleo"]) {
    const account = { name, displayName: `The ${name}`, password: "another long enough phrase" };
    const answer = await ann.write("representatives", account);
    ids.set(name, (JSON.parse(answer.text) as { id: string }).id);
  }
});
afterAll(() => appliance[Symbol.asyncDispose]());
beforeEach(async () => {
  ends = new AsyncDisposableStack();
  return () => ends.disposeAsync();
});

function idOf(name: string): string {
  return ids.get(name) ?? "";
}

async function console(name: string): Promise<ConsoleEnd> {
  return ends.use(await connectConsole(appliance.url, await accessToken(appliance, name)));
}

async function addTeam(name: string, ...members: string[]): Promise<string> {
  const answer = await ann.write("teams", { name, members: members.map(idOf) });
  expect(answer.status, answer.text).toBe(201);
  return (JSON.parse(answer.text) as { id: string }).id;
}

function queueOf(team: string): QueueId {
  const queue = `team:${team}`;
  if (isQueueId(queue)) return queue;
  throw new Error("not the id of a team");
}

/** A customer who waits in a queue, with a key that a representative made for it. */
async function waitIn(queue: QueueId, maker: ConsoleEnd) {
  const { lsid, key } = await maker.call("key.create", { queue });
  const customer = ends.use(await connectCustomer(appliance.url, { key }));
  return { lsid, customer };
}

/** The newest audit rows, newest first. */
async function newestRows(limit = 5) {
  const { rows } = await ann.json<{
    rows: { event: string; who: string; lsid?: Lsid; detail: object }[];
  }>(`audit?limit=${limit}`);
  return rows;
}

async function teams(): Promise<TeamRow[]> {
  return (await ann.json<{ teams: TeamRow[] }>("teams")).teams;
}

describe("teams", () => {
  it("are made, changed and deleted by administrators, with rows of old and new", async () => {
    const id = await addTeam("Printers", "bob");
    expect(await teams()).toEqual([{ id, name: "Printers", members: [idOf("bob")], waiting: 0 }]);
    expect((await newestRows(1))[0]).toMatchObject({
      event: "team.added",
      who: administrator.name,
      detail: { team: "Printers", members: "bob" },
    });
    const change = { name: "Scanners", members: [idOf("bob"), idOf("cleo")] };
    expect((await ann.write(`teams/${id}`, change, "PATCH")).status).toBe(200);
    expect((await newestRows(1))[0]).toMatchObject({
      event: "team.changed",
      detail: {
        ...{ team: "Printers", nameBefore: "Printers", name: "Scanners" },
        ...{ membersBefore: "bob", members: "bob, cleo" },
      },
    });
    expect((await ann.write(`teams/${id}`, undefined, "DELETE")).status).toBe(200);
    expect((await newestRows(1))[0]).toMatchObject({
      event: "team.removed",
      detail: { team: "Scanners", members: "bob, cleo" },
    });
    expect(await teams()).toEqual([]);
  });

  it.each([
    [{ name: " " }, 400, "name"],
    [{ name: "Twice" }, 409, "name"],
    [{ name: "TWICE" }, 409, "name"],
    [{ name: "x", members: ["nobody"] }, 400, "members"],
    [{ name: "x", members: ["0".repeat(32)] }, 400, "members"],
  ])("are refused with the field that is wrong: %o", async (team, status, field) => {
    const known = (await teams()).find(({ name }) => name === "Twice");
    if (!known) await addTeam("Twice");
    const answer = await ann.write("teams", team);
    expect(answer.status).toBe(status);
    const refusal = JSON.parse(answer.text) as { field: string };
    // A member is named by its place: `members.0`.
    expect(refusal.field.split(".")[0]).toBe(field);
  });

  it("have names that stand in one line and show what they are", async () => {
    await addTeam("Print\u202eers\n and\u001b[2J scanners");
    const { teams } = await ann.json<{ teams: TeamRow[] }>("teams");
    expect(teams.map(({ name }) => name)).toContain("Printers and [2J scanners");
  });

  it("are nobody else's business, and not written without the secret of the browser", async () => {
    const bob = new Admin(appliance);
    await bob.signIn("bob", "another long enough phrase");
    expect((await bob.read("teams")).status).toBe(403);
    expect((await bob.write("teams", { name: "Mine" })).status).toBe(403);
    const unknown = `teams/${"0".repeat(32)}`;
    expect((await ann.write(unknown, undefined, "DELETE")).status).toBe(404);
    expect((await ann.write(unknown, { name: "x" }, "PATCH")).status).toBe(404);
    const rogue = new Admin(appliance);
    rogue.cookie = ann.cookie;
    expect((await rogue.write("teams", { name: "Forged" })).status).toBe(403);
    expect((await teams()).map(({ name }) => name)).not.toContain("Forged");
  });
});

describe("the queue of a team", () => {
  it("is seen by whoever is added, with who waits there, and by nobody who is removed", async () => {
    const id = await addTeam("Second line", "bob");
    const queue = queueOf(id);
    const [bob, cleo] = [await console("bob"), await console("cleo")];
    await cleo.call("overview", {});
    const { lsid } = await waitIn(queue, bob);
    await bob.hears("session.changed", (session) => session.queue.name === "Second line");
    expect(await cleo.outcome("session.accept", { lsid })).toBe("not-found");
    expect(await cleo.outcome("key.create", { queue })).toBe("not-permitted");
    expect((await teams()).find((team) => team.id === id)).toMatchObject({ waiting: 1 });

    await ann.write(`teams/${id}`, { members: [idOf("bob"), idOf("cleo")] }, "PATCH");
    await cleo.hears("queues.changed", ({ queues }) => queues.some((each) => each.id === queue));
    await cleo.hears("session.changed", (session) => session.lsid === lsid);

    await ann.write(`teams/${id}`, { members: [idOf("bob")] }, "PATCH");
    await cleo.hears("queues.changed", ({ otherTeams }) => otherTeams?.[0] !== undefined);
    await cleo.hears("session.gone", (gone) => gone.lsid === lsid);
    expect(await cleo.outcome("session.accept", { lsid })).toBe("not-found");
    expect(await bob.outcome("session.accept", { lsid })).toBe("allowed");
    await bob.call("session.end", { lsid });
    await ann.write(`teams/${id}`, undefined, "DELETE");
  });

  it("has a new name at once, for representatives and for who waits", async () => {
    const id = await addTeam("Old name", "bob");
    const bob = await console("bob");
    const { customer, lsid } = await waitIn(queueOf(id), bob);
    await ann.write(`teams/${id}`, { name: "New name" }, "PATCH");
    await customer.hears("session.changed", ({ queueName }) => queueName === "New name");
    await bob.hears("session.changed", ({ queue }) => queue.name === "New name");
    await customer.call("session.stop", {});
    await bob.hears("session.gone", (gone) => gone.lsid === lsid);
    await ann.write(`teams/${id}`, undefined, "DELETE");
  });

  it("leaves who waits to everyone when it is deleted, and keeps its name for the past", async () => {
    const id = await addTeam("Short-lived", "bob");
    const queue = queueOf(id);
    const [bob, cleo] = [await console("bob"), await console("cleo")];
    await cleo.call("overview", {});
    const past = await waitIn(queue, bob);
    await bob.call("session.accept", past);
    await bob.call("session.end", past);
    const { customer, lsid } = await waitIn(queue, bob);
    const unused = await bob.call("key.create", { queue });
    expect((await ann.write(`teams/${id}`, undefined, "DELETE")).status).toBe(200);

    await cleo.hears("session.changed", (session) => session.lsid === lsid);
    await bob.hears("session.changed", (session) => session.queue.id === generalQueue);
    await bob.hears("key.changed", (key) => key.lsid === unused.lsid && key.queue === generalQueue);
    await customer.hears("session.changed", ({ queueName }) => queueName === "Handrail");
    const moved = await poll("the move is written", async () =>
      (await newestRows()).find((row) => row.event === "session.moved" && row.lsid === lsid),
    );
    expect(moved.detail).toMatchObject({ from: "Short-lived", queue: "General" });
    // A customer who comes with a key that was made before waits for everyone as well.
    const late = ends.use(await connectCustomer(appliance.url, { key: unused.key }));
    await cleo.hears("session.changed", (session) => session.lsid === unused.lsid);
    await late.call("session.stop", {});
    await cleo.call("session.accept", { lsid });
    await cleo.call("session.end", { lsid });
    const { sessions } = await bob.call("session.past", { limit: 10 });
    expect(sessions.find((session) => session.lsid === past.lsid)?.queue.name).toBe("Short-lived");
  });

  it("takes a session that is transferred, while somebody of the team is there", async () => {
    const id = await addTeam("Night shift", "cleo");
    const bob = await console("bob");
    const { customer, lsid } = await waitIn(generalQueue, bob);
    await bob.call("session.accept", { lsid });
    const transfer = () => bob.outcome("session.transfer", { lsid, to: queueOf(id) });
    expect(await transfer()).toBe("nobody-there");
    const cleo = await console("cleo");
    expect(await transfer()).toBe("allowed");
    await customer.hears("session.changed", (session) => {
      return session.queueName === "Night shift" && session.representatives.length === 0;
    });
    await bob.hears("session.gone", (gone) => gone.lsid === lsid);
    await cleo.call("session.accept", { lsid });
    await cleo.call("session.end", { lsid });
    await ann.write(`teams/${id}`, undefined, "DELETE");
  });
});
