import { negotiate, protocolVersions } from "@handrail/protocol";
import { expect, it } from "vitest";

it("two ends speak the highest version that both know", () => {
  const newest = Math.max(...protocolVersions);
  expect(negotiate([...protocolVersions, newest + 1])).toBe(newest);
});

it("two ends with no version in common do not speak", () => {
  expect(negotiate([])).toBeUndefined();
  expect(negotiate([0, 999])).toBeUndefined();
});
