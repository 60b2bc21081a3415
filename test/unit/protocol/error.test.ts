import {
  type ErrorCode,
  errorCatalogue,
  errorCodeOfWire,
  HandrailError,
  isErrorCode,
  toHandrailError,
} from "@handrail/protocol";
import { expect, it } from "vitest";

const entries = Object.entries(errorCatalogue);

it("every code has a wire number of its own, from 1 without a gap", () => {
  const numbers = entries.map(([, { wire }]) => wire);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
});

it("every code has an HTTP status for refusals and a close code of the private range", () => {
  for (const [code, { status, close }] of entries) {
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(status, code).toBeLessThan(600);
    expect(close, code).toBeGreaterThanOrEqual(4000);
    expect(close, code).toBeLessThan(5000);
  }
});

it("a wire number is read back as its code, and an unknown one as internal", () => {
  for (const [code, { wire }] of entries) expect(errorCodeOfWire(wire)).toBe(code);
  expect(errorCodeOfWire(60_000)).toBe("internal");
});

it("what a property of every object is called is not a code", () => {
  expect(isErrorCode("not-found")).toBe(true);
  expect(isErrorCode("constructor")).toBe(false);
});

it("a foreign error becomes internal and stays the cause; one of ours stays itself", () => {
  const foreign = new TypeError("oops");
  const wrapped = toHandrailError(foreign);
  expect([wrapped.code, wrapped.message, wrapped.cause]).toEqual<[ErrorCode, string, unknown]>([
    "internal",
    "oops",
    foreign,
  ]);
  expect(toHandrailError("text").message).toBe("text");
  expect(toHandrailError(wrapped)).toBe(wrapped);
  expect(wrapped).toBeInstanceOf(HandrailError);
});

it("the codes that would tell a visitor about keys are for the operator", () => {
  const hidden = entries.filter(([, { shownTo }]) => shownTo === "operator").map(([code]) => code);
  expect(hidden).toEqual(expect.arrayContaining(["key-unknown", "key-expired", "key-used"]));
  expect(hidden).not.toContain("key-refused");
});
