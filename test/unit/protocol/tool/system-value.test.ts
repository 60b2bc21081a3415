import { expect, it } from "vitest";
import { bar, valueText } from "../../../../appliance/protocol/tool/system-value.ts";
import { words } from "./sample-words.ts";

it.each([
  ["sizeBytes", 0, "0 B"],
  ["sizeBytes", 1536, "1.5 KiB"],
  ["sizeBytes", 2 ** 60, "1,048,576 TiB"],
  ["usedPercent", 27.94, "27.9 %"],
  ["speedMhz", 3400, "3,400 MHz"],
  ["speedMbitPerSecond", 1000, "1,000 Mbit/s"],
  ["processId", 27504, "27504"],
  ["virtual", true, "yes"],
  ["name", "loki", "loki"],
  ["startedAt", 1e20, "100000000000000000000"],
] as const)("%s %s is read as %s", (field, value, text) => {
  expect(valueText(field, value, words)).toBe(text);
});

it("numbers are written as the language writes them", () => {
  const french = { ...words, language: "fr", byteUnits: ["o", "Kio"] };
  expect(valueText("sizeBytes", 1536, french)).toBe("1,5 Kio");
});

it("a share has a bar, whatever a computer claims", () => {
  expect(bar("usedPercent", 34)).toBe("███░░░░░░░");
  expect(bar("usedPercent", 1e9)).toBe("██████████");
  expect(bar("usedPercent", -5)).toBe("░░░░░░░░░░");
  expect(bar("sizeBytes", 34)).toBeUndefined();
});
