import { beforeEach, describe, expect, it } from "vitest";
import { ConsentDesk } from "../../../../appliance/client/core/consent.ts";
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
beforeEach(() => {
  window = new WindowRecord();
  clock = new FakeClock();
  prompts = [];
  gate = new PolicyGate(() => undefined);
  gate.sessionChanged("active", {});
  desk = new ConsentDesk({
    window,
    texts: texts.en,
    namesOf: () => ["mousepad"],
    gate,
    clock: clockOf(clock),
    prompting: (isOpen) => prompts.push(isOpen),
  });
});

const ask = (permission: "view" | "control") =>
  desk.ask({ permission, representative: "Ann", timeoutMs: 60_000 });
const asked = (count: number) => poll("it is asked", () => window.questions.length === count);

describe("the consent desk", () => {
  it("takes a yes only from the window, and tells the gate before anybody else", async () => {
    const answer = ask("view").then((granted) => [granted, gate.may("view")]);
    await asked(1);
    expect(window.questions[0]?.title).toContain("Ann");
    expect(gate.may("view")).toBe(false);
    window.answer(true);
    expect(await answer).toEqual([true, true]);
    expect(prompts).toEqual([true, false]);
  });

  it("does not speak of the customer's own rights where the client has an administrator's", async () => {
    const elevated = new PolicyGate(() => undefined, true);
    elevated.sessionChanged("active", {});
    for (const language of ["en", "fr"] as const) {
      const told = { texts: texts[language], namesOf: () => [] };
      const parts = { window, ...told, gate: elevated, clock: clockOf(clock) };
      const own = new ConsentDesk({ ...parts, prompting: () => undefined });
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

  it("asks one thing at a time, and gives the second what is left of its time", async () => {
    const first = ask("view");
    const second = ask("control");
    await asked(1);
    clock.advance(40_000);
    window.answer(false);
    expect(await first).toBe(false);
    await asked(2);
    expect(window.questions[1]?.timeoutMs).toBe(20_000);
    window.answer(true);
    expect(await second).toBe(true);
    expect(prompts).toEqual([true, true, false]);
  });

  it("says no to a question whose time ran out in the queue, without showing it", async () => {
    const first = ask("view");
    const second = ask("control");
    await asked(1);
    clock.advance(59_500);
    window.answer(true);
    expect(await first).toBe(true);
    expect(await second).toBe(false);
    expect(window.questions).toHaveLength(1);
  });

  it("says no to everything open when the session ends", async () => {
    const answers = Promise.all([ask("view"), ask("control")]);
    await asked(1);
    desk.end();
    expect(await answers).toEqual([false, false]);
    expect(gate.may("view")).toBe(false);
  });
});
