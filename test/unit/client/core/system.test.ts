import {
  Channel,
  type ErrorCode,
  frameTypes,
  HandrailError,
  readReset,
  type SystemAnswer,
  systemAnswer,
  systemRequest,
  type SystemReport,
} from "@handrail/protocol";
import { expect, it } from "vitest";
import {
  fitting,
  type SystemSource,
  SystemTool,
} from "../../../../appliance/client/core/system.ts";
import { poll } from "../../../support/poll.ts";

const nothing: SystemReport = { facts: {}, lists: [] };

/** A use of the tool, with what came out of the channel and what was reported. */
function use(source: SystemSource) {
  const tool = new SystemTool(source, () => 1_700_000_000_000.4);
  const channel = new Channel(2, "system", () => undefined);
  const reported: unknown[] = [];
  tool.use({ channel, by: "Ann", report: (event, detail) => reported.push([event, detail]) });
  channel.accept();
  const answers: SystemAnswer[] = [];
  let ended: ErrorCode | undefined;
  const parts: Uint8Array[] = [];
  const pump = () => {
    for (let frame = channel.next(0); frame; frame = channel.next(0)) {
      if (frame.type === frameTypes.RESET) ended = readReset(frame).code;
      if (frame.type === frameTypes.DATA_MORE) parts.push(frame.payload);
      if (frame.type !== frameTypes.DATA) continue;
      answers.push(systemAnswer.decode(Buffer.concat([...parts.splice(0), frame.payload])));
    }
  };
  const hear = (bytes: Uint8Array) => channel.listener.message?.(bytes);
  return {
    tool,
    channel,
    reported,
    hear,
    ask: (id: number) => hear(systemRequest.encode({ id, category: "memory" })),
    answered: (count: number) =>
      poll("the answers come", () => (pump(), answers.length >= count && answers), 2000),
    ended: () => (pump(), ended),
  };
}

it("answers each request with its number, in order, and reports it first", async () => {
  const { ask, answered, reported } = use({
    read: (category) => Promise.resolve({ facts: { category }, lists: [] }),
  });
  ask(7);
  ask(8);
  const answers = await answered(2);
  expect(answers.map(({ id }) => id)).toEqual([7, 8]);
  expect(answers[0]).toEqual({
    ...{ answer: "report", id: 7, takenAt: 1_700_000_000_000 },
    report: { facts: { category: "memory" }, lists: [] },
  });
  expect(reported).toEqual(Array(2).fill(["system.read", { category: "memory" }]));
});

it("reads one thing at a time, however many are asked for", async () => {
  let now = 0;
  let most = 0;
  const { ask, answered } = use({
    read: async () => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      return nothing;
    },
  });
  for (let id = 1; id <= 10; id++) ask(id);
  await answered(10);
  expect(most).toBe(1);
});

it("says that it took too long, or that the computer cannot say", async () => {
  const errors = [new HandrailError("too-slow", "late"), new Error("no such program")];
  const { ask, answered } = use({ read: () => Promise.reject(errors.shift() ?? new Error("?")) });
  ask(1);
  ask(2);
  expect(await answered(2)).toEqual([
    { answer: "failed", id: 1, reason: "too-slow" },
    { answer: "failed", id: 2, reason: "unavailable" },
  ]);
});

it("ends the channel of a console that does not keep to the protocol", () => {
  const { hear, ended } = use({ read: () => Promise.resolve(nothing) });
  hear(new TextEncoder().encode('{"id":1,"category":"passwords"}'));
  expect(ended()).toBe("protocol-violation");
});

it("ends the channel of a console that asks without end", () => {
  const { ask, ended } = use({ read: () => new Promise(() => undefined) });
  for (let id = 1; id <= 33; id++) ask(id);
  expect(ended()).toBe("conflict");
});

it("stops reading when the permission has gone", async () => {
  let signal: AbortSignal | undefined;
  const { tool, ask } = use({
    read: (_category, given) => {
      signal = given;
      return new Promise(() => undefined);
    },
  });
  ask(1);
  await poll("it reads", () => signal, 2000);
  tool[Symbol.dispose]();
  expect(signal?.aborted).toBe(true);
});

it("a report that is too long keeps its first rows and counts the others", () => {
  const rows = Array.from({ length: 5000 }, (_, row) => ({ row, text: "é".repeat(1000) }));
  const [list] = fitting({ facts: {}, lists: [{ name: "rows", rows, omitted: 3 }] }).lists;
  expect(list?.rows[0]?.["row"]).toBe(0);
  expect((list?.rows.length ?? 0) + (list?.omitted ?? 0)).toBe(5003);
  expect(JSON.stringify(list).length).toBeLessThan(2 * 1024 * 1024);
});

it("a text that is too long is shortened, and one sees that it was", () => {
  const { facts } = fitting({ facts: { text: "x".repeat(3000) }, lists: [] });
  expect(String(facts["text"])).toHaveLength(1024);
  expect(facts["text"]).toMatch(/…$/);
});
