import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ArrivalStep, Lsid } from "@handrail/protocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { Program } from "../support/processes.ts";
import { accessToken, Admin, cookieOf } from "../support/signed-in.ts";

let folder: string;
let dataDirectory: string;
let env: Record<string, string>;
let appliance: Appliance;
let ann: ConsoleEnd;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-arrivals-"));
  dataDirectory = path.join(folder, "data");
  mkdirSync(path.join(folder, "client/linux-x64"), { recursive: true });
  writeFileSync(path.join(folder, "client/linux-x64/app.mjs"), "");
  env = { HANDRAIL_CLIENT_DIRECTORY: path.join(folder, "client") };
  appliance = await Appliance.start({ dataDirectory, env });
  await appliance.setUp();
  ann = await connectConsole(appliance.url, await accessToken(appliance));
});

afterAll(async () => {
  await ann[Symbol.asyncDispose]();
  await appliance[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Types the key on the public site; gives the cookie that comes back. */
async function enter(key: string): Promise<string> {
  const answer = await appliance.ask("/start", { form: `key=${key}` });
  expect(answer.status).toBe(303);
  return cookieOf(answer);
}

function download(cookie: string) {
  return appliance.ask("/start/download", { method: "POST", headers: { cookie } });
}

function comesTo(lsid: Lsid, step: ArrivalStep) {
  return ann.hears("arrival.changed", (each) => each.lsid === lsid && each.step === step);
}

it("whoever made the key is told of every step until the customer is there", async () => {
  const { lsid, key } = await ann.key();
  const cookie = await enter(key);
  const first = await comesTo(lsid, "key-typed");
  expect(first.queue).toMatch(/^personal:/);
  const starter = await download(cookie);
  await comesTo(lsid, "starter-taken");
  const HOME = mkdtempSync(path.join(folder, "home-"));
  const file = path.join(HOME, "starter.sh");
  writeFileSync(file, starter.text);
  await using program = new Program("sh", { args: [file], env: { PATH: "/usr/bin:/bin", HOME } });
  expect(await program.ended(), program.output).toBe(0);
  await comesTo(lsid, "program-started");
  expect(ann.all("arrival.gone")).toEqual([]);
  await using customer = await connectCustomer(appliance.url, { ticket: ticketIn(cookie) });
  expect(customer.welcome?.session?.lsid).toBe(lsid);
  await ann.hears("arrival.gone", (gone) => gone.lsid === lsid);
  await ann.hears("session.changed", (session) => session.state === "waiting");
});

it("a step that was taken again does not lead back", async () => {
  const { lsid, key } = await ann.key();
  const cookie = await enter(key);
  await download(cookie);
  const { since } = await comesTo(lsid, "starter-taken");
  await download(cookie);
  const { arrivals } = await ann.call("overview", {});
  const mine = arrivals?.filter((each) => each.lsid === lsid);
  expect(mine).toMatchObject([{ step: "starter-taken", since }]);
});

it("a colleague hears nothing of it, and cannot withdraw it", async () => {
  const admin = new Admin(appliance);
  await admin.signIn();
  const bob = {
    name: "bob",
    displayName: "Bob",
    role: "representative",
    password: "a good one 4 u",
  };
  expect((await admin.write("representatives", bob)).status).toBe(201);
  await using colleague = await connectConsole(appliance.url, await accessToken(appliance, "bob"));
  const { lsid, key } = await ann.key();
  await enter(key);
  await comesTo(lsid, "key-typed");
  expect((await colleague.call("overview", {})).arrivals).toEqual([]);
  expect(await colleague.outcome("key.cancel", { lsid })).toBe("not-found");
  expect(colleague.all("arrival.changed")).toEqual([]);
});

it("a key can be withdrawn while its customer is on the way", async () => {
  const { lsid, key } = await ann.key();
  const cookie = await enter(key);
  await ann.call("key.cancel", { lsid });
  await ann.hears("arrival.gone", (gone) => gone.lsid === lsid);
  expect((await download(cookie)).status).toBe(410);
});

it("a ticket of nobody's is not a step", async () => {
  const { lsid, key } = await ann.key();
  const cookie = await enter(key);
  const { text } = await download(cookie);
  const archive = /archive='([0-9a-f]{64})'/.exec(text)?.[1] ?? "";
  const headers = { "handrail-ticket": "0".repeat(32) };
  const { status } = await appliance.ask(`/client/linux-x64/${archive}.tar.gz`, { headers });
  expect(status).toBe(200);
  const { arrivals } = await ann.call("overview", {});
  expect(arrivals?.find((each) => each.lsid === lsid)?.step).toBe("starter-taken");
});

function ticketIn(cookie: string): string {
  return cookie.split("=")[1] ?? "";
}
