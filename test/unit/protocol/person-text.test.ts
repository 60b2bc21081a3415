import {
  chatMessageShape,
  customerShape,
  helloShape,
  oneLine,
  sessionEventShape,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const customer = { name: "Zoë", computer: "desk-1", platform: "Linux", issue: "" };

describe("a text in one line", () => {
  it.each([
    ["Zoë O’Brien", "Zoë O’Brien"],
    ["  Ann \t Archer\r\nAdministrator\n", "Ann Archer Administrator"],
    ["no\u2028new\u2029line\u0085here\v\fnor\0here", "no new line here nor here"],
    ["\u001b[31mred\u0007\u009b1m", "[31mred 1m"],
    ["invoice\u202Egpj.exe", "invoicegpj.exe"],
    ["\u2066a\u2069\u200Eb\u200F\u061Cc", "abc"],
    ["a\u200Bd\uFEFFm\u00ADin", "admin"],
    ["\uD800half", "\uFFFDhalf"],
    ["نرم\u200Cافزار 👩\u200D💻 שלום", "نرم\u200Cافزار 👩\u200D💻 שלום"],
    ["\n\u202E\t", ""],
  ])("of %j is %j", (text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });

  it("has nothing in it that breaks or turns a line, and stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = oneLine(text);
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u);
        expect(oneLine(shown)).toBe(shown);
      }),
    );
  });
});

describe("what arrives", () => {
  it("is made one line where it arrives: names, computers and issues of customers", () => {
    const read = customerShape.parse({
      ...customer,
      name: "Ann\u202E\nApproved",
      issue: "It beeps.\n\nThen it stops.",
    });
    expect(read).toMatchObject({ name: "Ann Approved", issue: "It beeps. Then it stops." });
    const hello = helloShape.parse({
      role: "customer",
      versions: [1],
      program: { name: "x\ny", version: "1", platform: "z" },
      credential: { key: "1234567" },
      customer: { ...customer, computer: "desk\u2066" },
    });
    expect(hello).toMatchObject({ program: { name: "x y" }, customer: { computer: "desk" } });
  });

  it("is bounded after that, so that what is not seen takes no room", () => {
    const long = "a".repeat(100);
    expect(customerShape.safeParse({ ...customer, name: `${long}\u202E` }).success).toBe(true);
    expect(customerShape.safeParse({ ...customer, name: `${long}b` }).success).toBe(false);
  });

  it("keeps the lines of a conversation, and not those of its sender's name", () => {
    const message = { seq: 1, from: { kind: "customer", name: "A\nB" }, text: "1\n2", at: 0 };
    expect(chatMessageShape.parse(message)).toMatchObject({ from: { name: "A B" }, text: "1\n2" });
  });

  it("covers the events that are listed and logged", () => {
    const event = { seq: 1, at: 0, event: "a.b", who: "A\u202E", detail: { reason: "x\ny", n: 1 } };
    expect(sessionEventShape.parse(event)).toMatchObject({
      who: "A",
      detail: { reason: "x y", n: 1 },
    });
  });
});
