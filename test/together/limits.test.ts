import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { connectConsole } from "../support/party.ts";
import { accessToken, cookieOf } from "../support/signed-in.ts";

let appliance: Appliance;
beforeAll(async () => {
  const env = {
    // All of 127.0.0.0/8 is this machine: each address of it is a visitor of its own.
    HANDRAIL_ADDRESS: "0.0.0.0",
    HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "8",
    HANDRAIL_KEY_ATTEMPTS_PER_SITE: "20",
  };
  appliance = await Appliance.start({ env });
  await appliance.setUp();
});
afterAll(() => appliance[Symbol.asyncDispose]());

function form(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

async function tryKey(key: string, from: string): Promise<number> {
  return (await appliance.ask("/start", { form: form({ key }), from })).status;
}

describe("a code that a console shows", () => {
  it("cannot be guessed by answering it at once", async () => {
    const from = "127.0.1.1";
    const password = { step: "password", name: administrator.name };
    const signIn = form({ ...password, password: administrator.password });
    const headers = { cookie: cookieOf(await appliance.ask("/device", { form: signIn, from })) };
    const page = await appliance.ask("/device", { headers, from });
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      const step = i % 2 === 0 ? "allow" : "refuse";
      const guess = form({ step, user_code: "BCDF-GHJK", csrf });
      statuses.push((await appliance.ask("/device", { form: guess, headers, from })).status);
    }
    expect(statuses).toEqual([...Array<number>(8).fill(404), 429, 429]);
  });
});

describe("customers with a key", () => {
  it("come in while ten others guess without pause", async () => {
    await using console = await connectConsole(appliance.url, await accessToken(appliance));
    const guessers = Array.from({ length: 10 }, (_, i) => `127.0.2.${i + 1}`);
    const refused = new Set<string>();
    for (let round = 0; round < 8; round++) {
      for (const from of guessers) {
        if ((await tryKey("0000000", from)) === 429) refused.add(from);
      }
    }
    expect(refused.size).toBe(guessers.length);
    for (let i = 1; i <= 5; i++) {
      expect(await tryKey("0000001", `127.0.3.${i}`)).toBe(404);
      const { key } = await console.key();
      expect(await tryKey(key, `127.0.3.${i}`)).toBe(303);
    }
  });
});
