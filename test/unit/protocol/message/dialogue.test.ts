import {
  Dialogue,
  type ErrorCode,
  HandrailError,
  maxControlBytes,
  type Side,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { codeOf } from "../refusal.ts";

const asker = {
  calls: {
    double: { params: z.object({ n: z.number().max(100) }), result: z.number() },
    nothing: { params: z.object({}), result: z.null() },
    long: { params: z.object({ text: z.string() }), result: z.string() },
  },
  notices: { typing: z.object({ name: z.string() }) },
} as const satisfies Side;
const answerer = { calls: {}, notices: {} } as const satisfies Side;

describe("a question", () => {
  it("is answered by the other side's handler", async () => {
    const { near } = pair();
    expect(await near.call("double", { n: 21 })).toBe(42);
    expect(await near.call("nothing", {})).toBeNull();
  });

  it("refused by its handler is refused with the same code and words, which are logged", async () => {
    const { near, failed } = pair({
      double: () => {
        throw new HandrailError("not-permitted", "not today");
      },
    });
    await expect(near.call("double", { n: 1 })).rejects.toMatchObject({
      code: "not-permitted",
      message: "not today",
    });
    expect(failed).toEqual([["not-permitted", "double"]]);
  });

  it("that fails inside tells the peer nothing but that", async () => {
    const { near } = pair({
      double: () => {
        throw new Error("password of the database");
      },
    });
    await expect(near.call("double", { n: 1 })).rejects.toMatchObject({
      code: "internal",
      message: "",
    });
  });

  it("that does not fit its shape is refused with the name of the field", async () => {
    const { near } = pair();
    await expect(near.call("double", { n: 101 })).rejects.toMatchObject({
      code: "bad-request",
      message: expect.stringContaining("at n") as string,
    });
  });

  it.each(["unknown", "constructor", "__proto__"])("by the name %s is not found", (name) => {
    const { far, said } = pair();
    far.receive(JSON.stringify({ t: "call", id: 1, name, with: {} }));
    expect(said.at(-1)).toMatchObject({ t: "refused", id: 1, code: "not-found" });
  });

  it("whose answer does not fit its shape fails", async () => {
    const { near } = pair({ double: () => Promise.resolve("42" as unknown as number) });
    await expect(near.call("double", { n: 1 })).rejects.toMatchObject({
      code: "protocol-violation",
    });
  });

  it("whose answer is too large to be said is refused, and the program goes on", async () => {
    const { near } = pair({ long: () => "x".repeat(maxControlBytes) });
    await expect(near.call("long", { text: "" })).rejects.toMatchObject({
      code: "frame-too-large",
    });
    expect(await near.call("double", { n: 1 })).toBe(2);
  });

  it("too large to be said is refused where it is asked", async () => {
    const { near } = pair();
    const text = "x".repeat(maxControlBytes);
    await expect(near.call("long", { text })).rejects.toMatchObject({ code: "frame-too-large" });
  });

  it("refused with a code of a newer peer fails as internal", async () => {
    const near = mute();
    const asked = near.call("double", { n: 1 });
    near.receive('{"t":"refused","id":1,"code":"moon-in-wrong-phase","message":"?"}');
    await expect(asked).rejects.toMatchObject({ code: "internal" });
  });

  it("is rejected when the link is gone, and its late answer ignored", async () => {
    const near = mute();
    const asked = near.call("double", { n: 1 });
    near.lost();
    await expect(asked).rejects.toMatchObject({ code: "unavailable" });
    near.receive('{"t":"done","id":1,"result":2}');
  });

  it("that the tables do not know is a fault of the caller", () => {
    const unknown = "quadruple" as "double";
    expect(() => mute().call(unknown, { n: 1 })).toThrow(HandrailError);
  });
});

describe("more than 256 questions at a time", () => {
  it("are refused where they are asked", async () => {
    const near = mute();
    const asked = Array.from({ length: 256 }, () => near.call("double", { n: 1 }));
    await expect(near.call("double", { n: 1 })).rejects.toMatchObject({ code: "too-slow" });
    near.lost("cancelled");
    const answers = await Promise.allSettled(asked);
    expect(answers.every(({ status }) => status === "rejected")).toBe(true);
  });

  it("are refused where they arrive, until some are answered", async () => {
    const answer: ((n: number) => void)[] = [];
    const { far, said } = pair({ double: () => new Promise((resolve) => answer.push(resolve)) });
    const ask = (id: number) =>
      far.receive(JSON.stringify({ t: "call", id, name: "double", with: { n: 1 } }));
    for (let id = 0; id < 300; id++) ask(id);
    expect(said.filter((message) => message.code === "too-slow")).toHaveLength(44);
    await Promise.resolve();
    for (const each of answer) each(2);
    await new Promise((resolve) => setTimeout(resolve));
    ask(300);
    expect(said.filter((message) => message.code === "too-slow")).toHaveLength(44);
  });
});

describe("a notice", () => {
  it("reaches the other side's listener", () => {
    const { near, heard } = pair();
    near.tell("typing", { name: "Ann" });
    expect(heard).toEqual(["Ann"]);
  });

  it("of a newer peer is ignored", () => {
    const { far } = pair();
    far.receive('{"t":"tell","name":"hologram.shown","with":{}}');
    far.receive('{"t":"tell","name":"constructor","with":{}}');
  });

  it("that does not fit its shape is a violation", () => {
    const { far } = pair();
    const received = () => far.receive('{"t":"tell","name":"typing","with":{"name":5}}');
    expect(codeOf(received)).toBe("protocol-violation");
  });
});

it.each(["", "{", "null", "[]", '{"t":"shout"}', '{"t":"call","id":"1","name":"double"}'])(
  "a control message that is none is a violation: %j",
  (text) => {
    const { far } = pair();
    expect(codeOf(() => far.receive(text))).toBe("protocol-violation");
  },
);

interface Handling {
  double?: (params: { n: number }) => Promise<number> | number;
  long?: () => string;
}

/** Two dialogues that hear each other at once. */
function pair({ double = ({ n }) => 2 * n, long = () => "" }: Handling = {}) {
  const failed: [ErrorCode, string][] = [];
  const heard: string[] = [];
  const said: Record<string, unknown>[] = [];
  const near: Dialogue<typeof asker, typeof answerer> = new Dialogue({
    ...{ mine: asker, theirs: answerer, handlers: {}, listeners: {}, failed: () => undefined },
    say: (text) => far.receive(bounded(text)),
  });
  const far: Dialogue<typeof answerer, typeof asker> = new Dialogue({
    ...{ mine: answerer, theirs: asker, handlers: { double, long, nothing: () => null } },
    listeners: { typing: ({ name }) => heard.push(name) },
    failed: (error, call) => failed.push([error.code, call]),
    say: (text) => {
      said.push(JSON.parse(bounded(text)) as Record<string, unknown>);
      near.receive(text);
    },
  });
  return { near, far, failed, heard, said };
}

/** A dialogue whose questions nobody answers. */
function mute(): Dialogue<typeof asker, typeof answerer> {
  return new Dialogue({
    ...{ mine: asker, theirs: answerer, handlers: {}, listeners: {} },
    ...{ failed: () => undefined, say: () => undefined },
  });
}

/** As `Mux.say` does. */
function bounded(text: string): string {
  if (text.length > maxControlBytes) throw new HandrailError("frame-too-large", "too long");
  return text;
}
