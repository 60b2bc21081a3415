import {
  formatSessionKey,
  generalQueue,
  isLsid,
  isQueueId,
  isRepresentativeId,
  isSessionKey,
  parseLsid,
  parseSessionKey,
  personalQueue,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "./refusal.ts";

describe("a session key", () => {
  it.each([
    ["1234567"],
    ["123 4567"],
    [" 123-4567 "],
    ["123.45_67"],
    ["123\u00a04567"],
    ["12\u20113\u20134567"],
    ["１２３４５６７"],
    ["١٢٣٤٥٦٧"],
    ["۱۲۳۴۵۶۷"],
    ["\t1234567\r\n"],
  ])("is read from what people type: %j", (typed) => {
    expect(parseSessionKey(typed)).toBe("1234567");
  });

  it.each(["", "123456", "12345678", "12345a7", "+1234567", "1234567; drop", "一二三四五六七"])(
    "is not read from %j",
    (typed) => {
      expect(parseSessionKey(typed)).toBeUndefined();
    },
  );

  it("is read back from how it is shown", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), (number) => {
        const key = parseSessionKey(String(number).padStart(7, "0"));
        expect(key && parseSessionKey(formatSessionKey(key))).toBe(key);
      }),
    );
  });

  it("is read from any text without a fault", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 10_000 }), (typed) => {
        const key = parseSessionKey(typed);
        expect(key === undefined || isSessionKey(key)).toBe(true);
      }),
    );
  });

  it("is shown in two groups", () => {
    const key = parseSessionKey("0012345");
    expect(key && formatSessionKey(key)).toBe("001 2345");
  });
});

describe("ids", () => {
  const hex = "0123456789abcdef".repeat(2);

  it("an LSID has 32 hex digits, and upper case is read as lower", () => {
    expect(parseLsid(hex.toUpperCase())).toBe(hex);
    expect([isLsid(hex), isLsid(hex.toUpperCase()), isLsid(`${hex}\n`)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(codeOf(() => parseLsid(hex.slice(1)))).toBe("bad-request");
  });

  it("a queue is general, of a team or of a representative", () => {
    expect(isQueueId(generalQueue)).toBe(true);
    expect(isQueueId(`team:${hex}`)).toBe(true);
    expect(isQueueId(`personal:${hex.slice(1)}`)).toBe(false);
    expect(isQueueId("general ")).toBe(false);
  });

  it("the personal queue of a representative names it", () => {
    expect(isRepresentativeId(hex) && personalQueue(hex)).toBe(`personal:${hex}`);
    const notAnId = JSON.parse('"nobody"') as Parameters<typeof personalQueue>[0];
    expect(codeOf(() => personalQueue(notAnId))).toBe("bad-request");
  });
});
