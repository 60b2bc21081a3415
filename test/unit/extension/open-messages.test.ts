import { beforeEach, expect, test } from "vitest";
import { OpenMessages } from "../../../extension/open-messages.ts";

let putAway = 0;
let messages: OpenMessages;
beforeEach(() => {
  putAway = 0;
  messages = new OpenMessages(() => putAway++);
});

test("a message is put away when its matter is settled elsewhere, and an answered one is not", async () => {
  const answer = Promise.withResolvers<string>();
  const answered = messages.add("ada", answer.promise);
  messages.settle("bob");
  expect(putAway).toBe(0);
  answer.resolve("Accept");
  expect(await answered).toBe("Accept");
  messages.settle("ada");
  expect(putAway).toBe(0);

  void messages.add("cyd", Promise.withResolvers<string>().promise);
  messages.settle("cyd");
  expect(putAway).toBe(1);
});

test("whoever else waits for an answer is not put away with it", () => {
  const question = { ask: "join" };
  void messages.add("ada", Promise.withResolvers<string>().promise);
  void messages.add(question, Promise.withResolvers<string>().promise);
  messages.settle("ada");
  expect(putAway).toBe(0);
  messages.settle(question);
  expect(putAway).toBe(1);
});

test("a message that could not be shown counts no more", async () => {
  await expect(messages.add("ada", Promise.reject(new Error("no window")))).rejects.toThrow();
  messages.settle("ada");
  expect(putAway).toBe(0);
});
