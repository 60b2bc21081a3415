import { describe, expect, it } from "vitest";
import { PolicyGate } from "../../../../appliance/client/core/policy-gate.ts";

const nothing = {
  view: "not-asked",
  control: "not-asked",
  chat: "granted",
  record: "granted",
  share: "granted",
  shell: "granted",
  files: "granted",
  "files-write": "granted",
  "clipboard-to-customer": "granted",
  "clipboard-from-customer": "granted",
  "chat-file": "granted",
  draw: "granted",
  system: "granted",
  snapshot: "granted",
  "system-act": "granted",
  "push-url": "granted",
  actions: "granted",
  reboot: "granted",
  elevate: "granted",
  scripts: "granted",
  transfer: "granted",
} as const;

function gate() {
  const calls = { narrowed: 0 };
  return { calls, gate: new PolicyGate(() => calls.narrowed++) };
}

describe("the customer's own gate", () => {
  it("opens only for what the customer has agreed to here, whatever the appliance says", () => {
    const { gate: own } = gate();
    own.sessionChanged("active", { ...nothing, view: "granted", control: "granted" });
    expect(own.may("view")).toBe(false);
    own.answered("view", true);
    expect(own.may("view")).toBe(true);
    expect(own.may("control")).toBe(false);
  });

  it("stays shut while nobody has accepted the session", () => {
    const { gate: own } = gate();
    own.answered("view", true);
    expect(own.may("view")).toBe(false);
    own.sessionChanged("active", { ...nothing, view: "granted" });
    expect(own.may("view")).toBe(true);
  });

  it.each(["not-asked", "refused", "revoked", "denied"] as const)(
    "shuts when the appliance reports %s",
    (state) => {
      const { gate: own, calls } = gate();
      own.answered("view", true);
      own.sessionChanged("active", { ...nothing, view: "granted" });
      const before = calls.narrowed;
      own.sessionChanged("active", { ...nothing, view: state });
      expect(own.may("view")).toBe(false);
      expect(calls.narrowed).toBeGreaterThan(before);
    },
  );

  it("keeps a fresh yes while the appliance has not heard it yet", () => {
    const { gate: own } = gate();
    own.sessionChanged("active", { ...nothing, view: "asked" });
    own.answered("view", true);
    own.sessionChanged("active", { ...nothing, view: "asked" });
    expect(own.may("view")).toBe(true);
  });

  it("shuts for good at the end", () => {
    const { gate: own } = gate();
    own.sessionChanged("active", { ...nothing, view: "granted" });
    own.answered("view", true);
    own.end();
    expect(own.may("view")).toBe(false);
    expect(own.may("chat")).toBe(false);
  });

  it("forgets a yes, also while the appliance still reports it", () => {
    const { gate: own, calls } = gate();
    own.sessionChanged("active", { ...nothing, view: "granted", control: "granted" });
    own.answered("view", true);
    own.answered("control", true);
    own.forget("control");
    expect(calls.narrowed).toBe(2);
    own.sessionChanged("active", { ...nothing, view: "granted", control: "granted" });
    expect([own.may("control"), own.may("view")]).toEqual([false, true]);
  });

  it("of a client with an administrator's rights gives nothing once these are taken back", () => {
    const own = new PolicyGate(() => undefined, true);
    own.sessionChanged("active", nothing);
    own.answered("shell", true);
    own.answered("view", true);
    expect(own.may("shell")).toBe(true);
    own.takeBack("elevate");
    expect([own.may("shell"), own.may("view")]).toEqual([false, true]);
  });

  it("allows nothing that is not the representative's to do here", () => {
    const { gate: own } = gate();
    own.sessionChanged("active", { ...nothing, record: "granted" });
    own.answered("record", true);
    expect(own.may("record")).toBe(false);
  });
});
