import { parseLsid } from "@handrail/protocol";
import { expect, it } from "vitest";
import { Exchanged } from "../../../../extension/clipboard/exchanged.ts";

const lsid = parseLsid("ab".repeat(16));

it("knows a text that was exchanged with a customer again, however its lines end", () => {
  const exchanged = new Exchanged();
  exchanged.note(lsid, "one\ntwo");
  expect(exchanged.isLast(lsid, "one\r\ntwo")).toBe(true);
  expect(exchanged.isLast(parseLsid("cd".repeat(16)), "one\ntwo")).toBe(false);
  exchanged.note(lsid, "three");
  expect(exchanged.isLast(lsid, "one\ntwo")).toBe(false);
});
