import {
  Channel,
  type CustomerAnswer,
  elevateConsoleMessage,
  type ElevateCustomerMessage,
  elevateCustomerMessage,
  frameTypes,
  scriptNeeds,
} from "@handrail/protocol";
import { expect, it } from "vitest";
import {
  type ElevatedProgram,
  Elevations,
  type Elevator,
  type ScriptName,
} from "../../../../../appliance/client/core/elevation/host.ts";
import { ElevateTool } from "../../../../../appliance/client/core/elevation/tool.ts";
import type { Asked } from "../../../../../appliance/client/core/consent.ts";
import { texts } from "../../../../../appliance/client/core/texts.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { poll } from "../../../../support/poll.ts";
import { clockOf } from "../edges.ts";

const grant = "ab".repeat(16);
const sha256 = "cd".repeat(32);
const needs = (...words: string[]) => scriptNeeds(words, sha256);
const naming = (name: string, words: string[]) =>
  elevateConsoleMessage.encode({ type: "script", name, needs: needs(...words) });
const credentials = () =>
  elevateConsoleMessage.encode({
    ...{ type: "credentials", purpose: "shell", account: "admin" },
    password: Buffer.from("secret"),
  });

/** A computer on which the customer answers so, and rights are had so. */
class Computer {
  readonly elevations = new Elevations();
  readonly reported: unknown[] = [];
  readonly clock = new FakeClock();
  answer: CustomerAnswer = "yes";
  readonly asked: Asked[] = [];
  readonly said: unknown[] = [];
  hasRunPrograms = false;
  readonly tool: ElevateTool;

  constructor(elevate: Elevator["elevate"]) {
    this.tool = new ElevateTool({
      place: {
        elevations: this.elevations,
        may: () => false,
        confirm: (asked) => {
          this.asked.push(asked);
          return Promise.resolve(this.answer);
        },
        said: async ({ permission, answer }) => void this.said.push([permission, answer]),
        prompting: (work) => work(),
        hasRunPrograms: () => this.hasRunPrograms,
      },
      ...{ elevator: { elevate }, texts: texts.en, nonce: () => grant },
      clock: clockOf(this.clock),
    });
  }

  /** Asks on a channel of its own. */
  ask(bytes = credentials()) {
    const channel = new Channel(2, "elevate", () => undefined);
    const report = (event: string, detail: object) => void this.reported.push([event, detail]);
    this.tool.use({ channel, by: "Ann", report });
    channel.accept();
    channel.listener.message?.(bytes);
    const answers: ElevateCustomerMessage[] = [];
    const answer = () => {
      for (let frame = channel.next(0); frame; frame = channel.next(0)) {
        if (frame.type === frameTypes.DATA) {
          answers.push(elevateCustomerMessage.decode(frame.payload));
        }
      }
      return answers[0];
    };
    return { channel, bytes, answered: () => poll("the answer comes", answer, 2000) };
  }
}

function program() {
  const over = Promise.withResolvers<void>();
  const started: ElevatedProgram = {
    shells: { nonce: () => grant, start: () => expect.fail("nobody wants a shell") },
    scripts: { platform: "linux", start: () => expect.fail("nobody wants a script") },
    startClient: () => Promise.resolve(false),
    release: () => undefined,
    ended: over.promise,
    [Symbol.dispose]: () => over.resolve(),
  };
  return started;
}

it("gives rights for one use, overwrites the password, and ends them with the channel", async () => {
  const given = program();
  const computer = new Computer((way) => {
    expect(way).toMatchObject({ way: "credentials", account: "admin" });
    return Promise.resolve(given);
  });
  const { channel, bytes, answered } = computer.ask();
  expect(await answered()).toEqual({ type: "granted", grant });
  await poll("nothing of it is left", () => bytes.every((byte) => byte === 0), 2000);
  expect(computer.elevations.take(grant, "script")).toBeUndefined();
  channel.listener.closed?.(undefined, "");
  await given.ended;
  await poll("that is written down", () => computer.reported.length === 3, 2000);
  expect(JSON.stringify(computer.reported)).not.toContain("secret");
  expect(computer.reported.at(-1)).toEqual(["elevation.ended", { purpose: "shell" }]);
  expect(computer.elevations.take(grant, "shell")).toBeUndefined();
});

it("tries nothing without the customer's yes, nor asks again right after a no", async () => {
  const computer = new Computer(() => expect.fail("nobody has allowed it"));
  computer.answer = "no";
  expect(await computer.ask().answered()).toEqual({ type: "refused", why: "customer-refused" });
  expect(computer.said).toEqual([["elevate", "no"]]);
  computer.answer = "yes";
  expect(await computer.ask().answered()).toEqual({ type: "refused", why: "too-many" });
});

it("lets a question pass that nobody has answered, and asks again when asked to", async () => {
  const computer = new Computer(() => Promise.resolve(program()));
  computer.answer = "no answer";
  expect(await computer.ask().answered()).toEqual({ type: "refused", why: "too-slow" });
  computer.answer = "yes";
  expect(await computer.ask().answered()).toMatchObject({ type: "granted" });
});

it("asks once for a script by its name and for all it needs, and is for its very bytes", async () => {
  const computer = new Computer(() => Promise.resolve(program()));
  const { channel, answered } = computer.ask(naming("Errors", ["system", "nonsense"]));
  channel.listener.message?.(elevateConsoleMessage.encode({ type: "customer", purpose: "script" }));
  expect(await answered()).toMatchObject({ type: "granted" });
  const [{ title = "", body = "" } = {}, ...more] = computer.asked;
  expect(more).toEqual([]);
  expect(title).toBe("Ann would like to run the script “Errors” with an administrator’s rights");
  expect(body).toContain(`•  ${texts.en.mayScripts}\n•  ${texts.en.maySystem}`);
  expect(computer.said).toEqual(["elevate", "scripts", "system"].map((each) => [each, "yes"]));
  expect(computer.reported[0]).toMatchObject(["elevation.asked", { script: "Errors", sha256 }]);
  expect(computer.elevations.uses).toMatchObject([{ script: "Errors", isGiven: true }]);
  const take = (script?: ScriptName) => computer.elevations.take(grant, "script", script);
  expect(take()).toBeUndefined();
  expect(take({ name: "Another", sha256 })).toBeUndefined();
  expect(take({ name: "Errors", sha256: "ef".repeat(32) })).toBeUndefined();
  expect(take({ name: "Errors", sha256 })).toBeDefined();
  channel.listener.closed?.(undefined, "");
  expect(computer.elevations.uses).toEqual([]);
});

it.each([
  ["a script that is not named", "script", undefined],
  ["a script by its name alone", "script", { type: "script", name: "Errors", needs: "system" }],
  ["a shell in the name of a script", "shell", { type: "script", name: "E", needs: needs() }],
] as const)("asks nobody for rights for %s", (_what, purpose, about) => {
  const computer = new Computer(() => expect.fail("nobody was asked"));
  const wish = elevateConsoleMessage.encode({ type: "customer", purpose });
  const { channel } = computer.ask(about ? elevateConsoleMessage.encode(about) : wish);
  if (about) channel.listener.message?.(wish);
  expect(channel.isGone).toBe(true);
  expect(computer.asked).toEqual([]);
});

it("says that a password typed there was wrong, and lets it be typed three times", async () => {
  const bodies: string[] = [];
  const computer = new Computer((way) => {
    if (way.way === "customer") bodies.push(`${String(way.isAgain)} ${way.words.body}`);
    return Promise.resolve("wrong-password");
  });
  const wanted = { type: "customer", purpose: "shell" } as const;
  const { answered } = computer.ask(elevateConsoleMessage.encode(wanted));
  expect(await answered()).toEqual({ type: "refused", why: "wrong-password" });
  expect(bodies).toHaveLength(3);
  expect(bodies[0]).toMatch(/^false Ann has asked/);
  for (const body of bodies.slice(1)) expect(body).toMatch(/^true That password was not right/);
  const wrong = [1, 2, 3].map((tries) => ["elevation.wrong-password", { purpose: "shell", tries }]);
  expect(computer.reported.slice(1, -1)).toEqual(wrong);
  expect(computer.elevations.uses).toEqual([]);
});

it("lets nobody try passwords over and over", async () => {
  let tries = 0;
  const computer = new Computer(() => {
    tries++;
    return Promise.resolve("wrong-password");
  });
  for (let at = 0; at < 8; at++) await computer.ask().answered();
  expect(tries).toBe(5);
  expect(await computer.ask().answered()).toEqual({ type: "refused", why: "too-many" });
});

it("has nobody type a password where programs of a representative could read it", async () => {
  const computer = new Computer(() => Promise.resolve(program()));
  const wanted = { type: "customer", purpose: "shell" } as const;
  computer.hasRunPrograms = true;
  const refused = { type: "refused", why: "unguarded" };
  expect(await computer.ask(elevateConsoleMessage.encode(wanted)).answered()).toEqual(refused);
  const { channel, answered } = computer.ask();
  expect(await answered()).toMatchObject({ type: "granted" });
  channel.listener.closed?.(undefined, "");
});

it("closes the window for a password when a shell is opened meanwhile", async () => {
  const ended = Promise.withResolvers<"cancelled">();
  const begun = Promise.withResolvers<void>();
  const computer = new Computer((_way, signal) => {
    signal.addEventListener("abort", () => ended.resolve("cancelled"));
    begun.resolve();
    return ended.promise;
  });
  const { channel, answered } = computer.ask(naming("Errors", []));
  channel.listener.message?.(elevateConsoleMessage.encode({ type: "customer", purpose: "script" }));
  await begun.promise;
  computer.hasRunPrograms = true;
  computer.tool.programsRun();
  expect(await answered()).toEqual({ type: "refused", why: "unguarded" });
});

it("takes one question at a time, and nothing that is none", async () => {
  const first = Promise.withResolvers<"cancelled">();
  const computer = new Computer(() => first.promise);
  const open = computer.ask();
  expect(await computer.ask().answered()).toEqual({ type: "refused", why: "busy" });
  first.resolve("cancelled");
  expect(await open.answered()).toEqual({ type: "refused", why: "cancelled" });
  const wrong = computer.ask(new Uint8Array([9, 9]));
  expect(wrong.channel.isGone).toBe(true);
});
