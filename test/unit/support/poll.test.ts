import { expect, test } from "vitest";
import { poll } from "../../support/poll.ts";

test("asks until there is an answer, and gives it", async () => {
  let asked = 0;
  expect(await poll("the third", () => ++asked >= 3 && `asked ${asked}`)).toBe("asked 3");
});

test("says what it waited for, and why the last question failed", async () => {
  const ask = (): boolean => {
    throw new Error("no tree");
  };
  const failure = await poll("the tree is shown", ask, 60).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    message: "waited 60 ms in vain until the tree is shown",
    cause: { message: "no tree" },
  });
});
