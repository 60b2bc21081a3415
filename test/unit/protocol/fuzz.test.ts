import { expect, it } from "vitest";
import { fuzz } from "../../bench/fuzz.ts";

it("20,000 damaged messages cause refusals, no fault and no growth", async () => {
  const { codes } = await fuzz({ executions: 20_000, seed: 7 });
  const seen = Object.keys(codes);
  expect(seen).toEqual(expect.arrayContaining(["ok", "protocol-violation", "bad-request"]));
}, 60_000);
