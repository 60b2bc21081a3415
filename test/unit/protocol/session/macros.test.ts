import { expandMacros, macroNames, macroValues, unknownMacros } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { sampleState } from "../../media/session-sample.ts";

const session = sampleState().session;
const values = macroValues(session, { representative: "Ann", site: "ACME" });

describe("macros", () => {
  it("stand for what is known of the session", () => {
    const text =
      "Hello ${session.customer.name}, this is ${session.representative.name}, ${site.name}.";
    expect(expandMacros(text, values)).toBe(`Hello ${session.customer.name}, this is Ann, ACME.`);
    for (const name of macroNames) expect(values[name]).toBeTypeOf("string");
  });

  it("are expanded once: a fact that looks like a macro stays as it is", () => {
    const odd = { ...values, "session.customer.name": "${site.name} $& $1" };
    expect(expandMacros("<${session.customer.name}>", odd)).toBe("<${site.name} $& $1>");
  });

  it("that nobody knows stay, and are named", () => {
    const text = "${nobody.knows} ${site.name} ${toString} ${nobody.knows} $HOME ${} ${x";
    expect(unknownMacros(text)).toEqual(["nobody.knows", "toString", ""]);
    expect(expandMacros("${toString} $HOME", values)).toBe("${toString} $HOME");
  });
});
