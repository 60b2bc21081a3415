import {
  type Consent,
  type ConsentRule,
  decide,
  type Decision,
  mayMailKey,
  type Permission,
  permissions,
  type PolicyLayer,
  type Question,
  type Role,
  type Rule,
  siteDefaults,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const roles: readonly Role[] = ["none", "representative", "observer", "customer"];
const consents: readonly Consent[] = ["not-asked", "granted", "refused", "revoked"];

describe("who asks", () => {
  it.each(permissions)("somebody who takes no part may never %s", (permission) => {
    expect(ask({ permission, role: "none" })).toMatchObject(denied("not-permitted"));
  });

  it("an observer watches and chats and does nothing else", () => {
    const may = permissions.filter((permission) => isAllowed({ permission, role: "observer" }));
    expect(may).toEqual(["view", "chat"]);
  });

  it("a customer chats, also while waiting, and nothing forbids it", () => {
    const layers = [layer("site", { chat: { setting: "deny" } })];
    for (const state of ["waiting", "active"] as const) {
      const may = permissions.filter(
        (permission) => ask({ permission, role: "customer", state, layers }).outcome === "allow",
      );
      expect(may).toEqual(["chat"]);
    }
  });
});

describe("when", () => {
  it.each(permissions)("nobody may %s before the session is accepted", (permission) => {
    for (const role of ["representative", "observer"] as const) {
      const decision = ask({ permission, role, state: "waiting" });
      expect(decision).toMatchObject(denied("not-permitted"));
    }
  });

  it.each(permissions)("nobody may %s once the session has ended", (permission) => {
    for (const role of roles) {
      expect(ask({ permission, role, state: "ended" })).toMatchObject(denied("session-ended"));
    }
  });
});

describe("the layers of rules", () => {
  it.each(permissions)("deny what none of them defines: %s", (permission) => {
    expect(ask({ permission, layers: [] })).toMatchObject(denied("not-permitted"));
    const silent = [layer("group", { [permission]: { setting: "not-defined" } })];
    expect(ask({ permission, layers: silent })).toMatchObject(denied("not-permitted"));
  });

  it("are asked from the strongest, and the first that defines the permission decides", () => {
    const layers = [
      layer("session policy", { control: { setting: "not-defined" } }),
      layer("representative", { control: { setting: "deny" } }),
      layer("site", { control: { setting: "allow", consent: "never" } }),
    ];
    expect(ask({ permission: "control", layers })).toEqual({
      ...denied("not-permitted"),
      because: "representative",
    });
  });

  it("name who decided", () => {
    const layers = [layer("group Ñ", { chat: { setting: "allow", consent: "never" } })];
    expect(ask({ permission: "chat", layers }).because).toBe("group Ñ, customer is told");
  });

  it("leave the rule of consent to the next layer that names one", () => {
    const layers = [
      layer("representative", { control: { setting: "allow" } }),
      layer("site", { control: { setting: "not-defined", consent: "never" } }),
    ];
    expect(ask({ permission: "control", layers }).outcome).toBe("allow");
  });

  it("take no rule of consent from a stronger layer that leaves the permission open", () => {
    const layers = [
      layer("session policy", { control: { setting: "not-defined", consent: "never" } }),
      layer("site", { control: { setting: "allow", consent: "always" } }),
    ];
    expect(ask({ permission: "control", layers }).outcome).toBe("ask");
  });

  it("ask the customer when nobody has said whether to ask", () => {
    const layers = [layer("site", { control: { setting: "allow" } })];
    expect(ask({ permission: "control", layers }).outcome).toBe("ask");
  });
});

describe("the customer's consent", () => {
  it.each<[ConsentRule, Consent, Decision["outcome"]]>([
    ["never", "not-asked", "allow"],
    ["never", "granted", "allow"],
    ["never", "refused", "allow"],
    ["never", "revoked", "deny"],
    ["once", "not-asked", "ask"],
    ["once", "granted", "allow"],
    ["once", "refused", "ask"],
    ["once", "revoked", "ask"],
    ["always", "not-asked", "ask"],
    ["always", "granted", "allow"],
    ["always", "refused", "ask"],
    ["always", "revoked", "ask"],
  ])("under the rule %s, %s means %s", (consent, said, outcome) => {
    const layers = [layer("site", { control: { setting: "allow", consent } })];
    const decision = ask({ permission: "control", layers, consent: said });
    expect(decision.outcome).toBe(outcome);
    if (decision.outcome === "deny") expect(decision.code).toBe("customer-refused");
  });

  it("never makes allowed what the rules deny", () => {
    const layers = [layer("site", { view: { setting: "deny", consent: "never" } })];
    for (const consent of consents) {
      expect(ask({ permission: "view", layers, consent }).outcome).toBe("deny");
    }
  });
});

describe("a site that nobody has configured", () => {
  it("asks the customer before anything is seen or touched", () => {
    const outcomes = permissions.map((permission) => [
      permission,
      ask({ permission, layers: [siteDefaults] }).outcome,
    ]);
    expect(Object.fromEntries(outcomes)).toEqual({
      view: "ask",
      control: "ask",
      shell: "ask",
      files: "ask",
      "files-write": "ask",
      system: "ask",
      snapshot: "deny",
      "system-act": "ask",
      scripts: "ask",
      actions: "ask",
      reboot: "allow",
      elevate: "deny",
      "clipboard-to-customer": "ask",
      "clipboard-from-customer": "ask",
      draw: "ask",
      chat: "allow",
      "chat-file": "allow",
      "push-url": "allow",
      record: "allow",
      share: "allow",
      transfer: "allow",
    });
  });
});

describe("whatever the rules are", () => {
  const rule: fc.Arbitrary<Rule> = fc.record(
    {
      setting: fc.constantFrom("allow" as const, "deny" as const, "not-defined" as const),
      consent: fc.constantFrom("always" as const, "once" as const, "never" as const, undefined),
    },
    { requiredKeys: ["setting"] },
  );
  const rules = fc.dictionary(fc.constantFrom(...permissions), rule) as fc.Arbitrary<
    PolicyLayer["rules"]
  >;
  const question: fc.Arbitrary<Question> = fc.record({
    permission: fc.constantFrom(...permissions),
    role: fc.constantFrom(...roles),
    state: fc.constantFrom("waiting" as const, "active" as const, "ended" as const),
    layers: fc.array(fc.record({ source: fc.string(), rules }), { maxLength: 5 }),
    consent: fc.constantFrom(...consents),
  });

  it("an allowed thing was allowed by a layer, or is the customer's own chat", () => {
    fc.assert(
      fc.property(question, (q) => {
        const decision = decide(q);
        if (decision.outcome === "deny" || q.role === "customer") return;
        expect(q.state).toBe("active");
        expect(q.layers.some(({ rules }) => rules[q.permission]?.setting === "allow")).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("a denying layer in front only ever takes away", () => {
    fc.assert(
      fc.property(question, (q) => {
        const front = layer("front", { [q.permission]: { setting: "deny" } });
        const decision = decide({ ...q, layers: [front, ...q.layers] });
        expect(decision.outcome === "allow" && q.role !== "customer").toBe(false);
      }),
    );
  });

  it("an observer is never allowed more than a representative", () => {
    fc.assert(
      fc.property(question, (q) => {
        const observer = decide({ ...q, role: "observer" });
        const representative = decide({ ...q, role: "representative" });
        if (observer.outcome !== "deny") expect(observer).toEqual(representative);
      }),
    );
  });
});

describe("a session key by e-mail", () => {
  it("is for who made the key, where the site lets it", () => {
    const key = { madeBy: "ann" };
    expect(mayMailKey({ id: "ann" }, key, { mailsKeys: true })).toBe(true);
    expect(mayMailKey({ id: "bob" }, key, { mailsKeys: true })).toBe(false);
    expect(mayMailKey({ id: "ann" }, key, { mailsKeys: false })).toBe(false);
  });
});

function ask(given: Partial<Question> & { permission: Permission }): Decision {
  return decide({
    role: "representative",
    state: "active",
    layers: [siteDefaults],
    consent: "not-asked",
    ...given,
  });
}

function isAllowed(given: Partial<Question> & { permission: Permission }): boolean {
  return ask({ consent: "granted", ...given }).outcome === "allow";
}

function layer(source: string, rules: PolicyLayer["rules"]): PolicyLayer {
  return { source, rules };
}

function denied(code: string) {
  return { outcome: "deny", code };
}
