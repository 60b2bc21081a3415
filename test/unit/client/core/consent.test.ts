import { beforeEach, describe, expect, it } from "vitest";
import { ConsentDesk, type OwnAnswer } from "../../../../appliance/client/core/consent.ts";
import { PolicyGate } from "../../../../appliance/client/core/policy-gate.ts";
import { texts } from "../../../../appliance/client/core/texts.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";
import { clockOf, WindowRecord } from "./edges.ts";

let window: WindowRecord;
let clock: FakeClock;
let gate: PolicyGate;
let desk: ConsentDesk;
let prompts: boolean[];
/** Whether a password was being typed, each time that was told. */
let typing: boolean[];
let told: OwnAnswer[];
let isKept: boolean;
beforeEach(() => {
  window = new WindowRecord();
  clock = new FakeClock();
  prompts = [];
  typing = [];
  told = [];
  isKept = true;
  gate = new PolicyGate(() => undefined);
  gate.sessionChanged("active", {});
  desk = new ConsentDesk({
    window,
    texts: texts.en,
    namesOf: () => ["mousepad"],
    gate,
    clock: clockOf(clock),
    prompting: ({ isOpen, isTyping }) => {
      prompts.push(isOpen);
      typing.push(isTyping);
    },
    told: async (own) => {
      told.push(own);
      return isKept;
    },
  });
});

const ask = (permission: "view" | "control") =>
  desk.ask({ permission, representative: "Ann", timeoutMs: 60_000 });
const asked = (count: number) => poll("it is asked", () => window.questions.length === count);

describe("the consent desk", () => {
  it("takes a yes only from the window, and tells the gate before anybody else", async () => {
    const answer = ask("view").then((answer) => [answer, gate.may("view")]);
    await asked(1);
    expect(window.questions[0]?.title).toContain("Ann");
    expect(gate.may("view")).toBe(false);
    window.answer(true);
    expect(await answer).toEqual(["yes", true]);
    expect(prompts).toEqual([true, false]);
  });

  it("does not speak of the customer's own rights where the client has an administrator's", async () => {
    const elevated = new PolicyGate(() => undefined, true);
    elevated.sessionChanged("active", {});
    for (const language of ["en", "fr"] as const) {
      const words = { texts: texts[language], namesOf: () => [] };
      const parts = { window, ...words, gate: elevated, clock: clockOf(clock) };
      const silent = { prompting: () => undefined, told: () => Promise.resolve(true) };
      const own = new ConsentDesk({ ...parts, ...silent });
      void own.ask({ permission: "shell", representative: "Ann", timeoutMs: 60_000 });
    }
    await asked(2);
    expect(window.questions[0]?.body).toMatch(/^Commands run with an administrator’s rights/);
    expect(window.questions[1]?.body).toMatch(/avec les droits d’un administrateur/);
  });

  it("says what is wanted now before what a yes would mean", async () => {
    const question = { representative: "Ann", timeoutMs: 60_000 };
    const end = { act: "end-process", processId: 14753, startedAt: 1, name: "A driver" } as const;
    void desk.ask({
      ...{ ...question, permission: "system-act" },
      purpose: { kind: "system-act", wanted: { ...end, isForced: false } },
    });
    await asked(1);
    const body = window.questions[0]?.body ?? "";
    expect(body).toMatch(/^Wanted now: End the program mousepad \(14753\)\n\nPrograms on your/);
    window.answer(false);
    void desk.ask({
      ...{ ...question, permission: "actions" },
      purpose: { kind: "custom", name: { en: "Clean the printer", fr: "Nettoyer l’imprimante" } },
    });
    await asked(2);
    expect(window.questions[1]?.body).toMatch(/^Wanted now: Clean the printer\n/);
    window.answer(false);
  });

  it("asks one thing at a time, and gives the second all its time from when it is seen", async () => {
    const turns: boolean[] = [];
    const first = ask("view");
    const wanted = { permission: "control", representative: "Ann", timeoutMs: 60_000 } as const;
    const second = desk.ask({ ...wanted, turned: (isShown) => turns.push(isShown) });
    await asked(1);
    expect(turns).toEqual([false]);
    clock.advance(40_000);
    window.answer(false);
    expect(await first).toBe("no");
    await asked(2);
    expect(turns).toEqual([false, true]);
    expect(window.questions[1]?.timeoutMs).toBe(60_000);
    window.answer(true);
    expect(await second).toBe("yes");
    expect(prompts).toEqual([true, true, true, false]);
  });

  it("does not show a question any more that has waited for minutes", async () => {
    const first = ask("view");
    const second = ask("control");
    await asked(1);
    clock.advance(300_000);
    window.answer(true);
    expect(await first).toBe("yes");
    expect(await second).toBe("no answer");
    expect(window.questions).toHaveLength(1);
  });

  it("tells no answer from a no, and may ask again then", async () => {
    const own = desk.askOwn({ permission: "files", representative: "Ann", timeoutMs: 60_000 });
    await asked(1);
    clock.advance(60_000);
    window.answer(false);
    expect(await own).toBe("no answer");
    expect(gate.consent("files")).toBe("not-asked");
    const again = desk.askOwn({ permission: "files", representative: "Ann", timeoutMs: 60_000 });
    await asked(2);
    window.answer(false);
    expect(await again).toBe("no");
    expect(gate.consent("files")).toBe("refused");
    const about = { permission: "files", representative: "Ann" };
    expect(told).toEqual([
      { ...about, answer: "no answer" },
      { ...about, answer: "no" },
    ]);
  });

  it("allows what was said to one question about more only when that is written down", async () => {
    const yes = { permission: "system", answer: "yes", representative: "Ann" } as const;
    isKept = false;
    await desk.said(yes);
    expect(gate.may("system")).toBe(false);
    isKept = true;
    await desk.said(yes);
    expect(gate.may("system")).toBe(true);
    await desk.said({ ...yes, permission: "elevate", answer: "no" });
    expect(gate.may("elevate")).toBe(true);
  });

  it("puts no question in front of a window for a password, and says that one is open", async () => {
    const typed = Promise.withResolvers<void>();
    const work = desk.during(() => typed.promise, true);
    const question = ask("view");
    await poll("somebody types", () => typing.at(-1) === true);
    expect(window.questions).toEqual([]);
    typed.resolve();
    await work;
    await asked(1);
    expect(typing.at(-1)).toBe(false);
    window.answer(true);
    expect(await question).toBe("yes");
    expect(prompts.at(-1)).toBe(false);
  });

  it("says no to everything open when the session ends", async () => {
    const answers = Promise.all([ask("view"), ask("control")]);
    await asked(1);
    desk.end();
    expect(await answers).toEqual(["no", "no"]);
    expect(gate.may("view")).toBe(false);
  });
});
