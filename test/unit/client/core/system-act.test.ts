import {
  Channel,
  type ErrorCode,
  frameTypes,
  readReset,
  type SystemActAnswer,
  systemActAnswer,
  systemActRequest,
  encodeText,
} from "@handrail/protocol";
import { expect, it } from "vitest";
import {
  asKnownHere,
  type SystemActor,
  SystemActTool,
} from "../../../../appliance/client/core/system-act.ts";
import { poll } from "../../../support/poll.ts";

const restart = { act: "restart", service: "cups" } as const;

/** A use of the tool, with what came out of the channel and what was reported. */
function use(actor: Pick<SystemActor, "act">) {
  const tool = new SystemActTool({ namesOf: () => ["mousepad", "MainThread"], ...actor });
  const channel = new Channel(2, "system-act", () => undefined);
  const reported: unknown[] = [];
  tool.use({ channel, by: "Ann", report: (event, detail) => reported.push([event, detail]) });
  channel.accept();
  const answers: SystemActAnswer[] = [];
  let ended: ErrorCode | undefined;
  const pump = () => {
    for (let frame = channel.next(0); frame; frame = channel.next(0)) {
      if (frame.type === frameTypes.RESET) ended = readReset(frame).code;
      if (frame.type === frameTypes.DATA) answers.push(systemActAnswer.decode(frame.payload));
    }
  };
  const hear = (bytes: Uint8Array) => channel.listener.message?.(bytes);
  return {
    ...{ tool, reported, hear },
    ask: (id: number) => hear(systemActRequest.encode({ id, wanted: restart })),
    answered: () => poll("the answer comes", () => (pump(), answers[0]), 2000),
    ended: () => (pump(), ended),
  };
}

it("reports what is done before it is done, and what came of it", async () => {
  const order: string[] = [];
  const { ask, answered, reported } = use({
    act: () => {
      order.push(`${reported.length} reported`);
      return Promise.resolve({ outcome: "forbidden", said: "Access denied" });
    },
  });
  ask(4);
  expect(await answered()).toEqual({ id: 4, outcome: "forbidden", said: "Access denied" });
  expect(order).toEqual(["1 reported"]);
  expect(reported).toEqual([
    ["system-act.begun", restart],
    ["system-act.done", { ...restart, outcome: "forbidden" }],
  ]);
});

it("writes down what a program is called here, whatever it was called", async () => {
  const { hear, answered, reported } = use({
    act: () => Promise.resolve({ outcome: "done", said: "" }),
  });
  const wanted = { act: "end-process", processId: 7, startedAt: 1, isForced: false } as const;
  hear(systemActRequest.encode({ id: 1, wanted: { ...wanted, name: "A printer driver" } }));
  await answered();
  expect(reported).toMatchObject([
    ["system-act.begun", { name: "mousepad", processId: 7 }],
    ["system-act.done", { name: "mousepad", outcome: "done" }],
  ]);
});

it("knows a program by any of its own names, and nothing else by one of another's", () => {
  const wanted = { act: "end-process", processId: 7, startedAt: 1, isForced: false } as const;
  const nameOf = (name: string, ...own: string[]) => asKnownHere({ ...wanted, name }, () => own);
  expect(nameOf("MainThread", "node", "MainThread")).toMatchObject({ name: "MainThread" });
  expect(nameOf("node and nothing else", "node")).toMatchObject({ name: "node" });
  expect(nameOf("mousepad")).toMatchObject({ name: "" });
  expect(nameOf("x", "a\u202eb\n")).toMatchObject({ name: "a\\u{202e}b\\u{a}" });
  expect(nameOf("x", "y".repeat(300))).toMatchObject({ name: "y".repeat(255) });
  expect(asKnownHere(restart, () => ["node"])).toEqual(restart);
});

it("answers that it failed when the computer throws", async () => {
  const { ask, answered } = use({ act: () => Promise.reject(new Error("no memory")) });
  ask(1);
  expect(await answered()).toMatchObject({ outcome: "failed", said: "Error: no memory" });
});

it("does nothing after it was taken away", async () => {
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const { tool, ask, answered } = use({
    act: async () => {
      done.push("something");
      await first.promise;
      return { outcome: "done", said: "" };
    },
  });
  ask(1);
  ask(2);
  await poll("the first is begun", () => done.length === 1);
  tool[Symbol.dispose]();
  first.resolve();
  await answered();
  expect(done).toHaveLength(1);
});

it.each([
  ["a name that is an option", { act: "stop", service: "--now" }],
  ["a name with a space", { act: "stop", service: "a b" }],
  ["a name with a path", { act: "stop", service: "../../x" }],
  ["another verb", { act: "mask", service: "cups" }],
  ["every process", { act: "end-process", processId: -1, startedAt: 0, name: "", isForced: true }],
  ["a process without its time", { act: "end-process", processId: 5, name: "", isForced: true }],
])("refuses %s", (_what, wanted) => {
  const { hear, ended, reported } = use({ act: () => Promise.reject(new Error("done")) });
  hear(encodeText(JSON.stringify({ id: 1, wanted })));
  expect(ended()).toBe("protocol-violation");
  expect(reported).toEqual([]);
});
