import { maxDataBytes } from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";
import { type End, namesOf, nameOf, Wire } from "./wire.ts";

describe("resuming after the line dropped", () => {
  it("sends again what was under way, and nothing that had arrived", () => {
    const wire = new Wire();
    for (const text of ["one", "two", "three"]) wire.console.mux.say(text);
    wire.console.pull(2);
    wire.deliver(wire.console, 1);
    wire.drop();
    wire.settle();
    expect(wire.appliance.controls).toEqual(["one", "two", "three"]);
  });

  it("completes a message of which only the first parts had arrived", () => {
    const wire = new Wire();
    const { near, messages } = wire.open();
    const message = Uint8Array.from({ length: 5 * maxDataBytes }, (_, i) => i % 251);
    near.send(message);
    wire.console.pull(3);
    wire.deliver(wire.console, 2);
    wire.drop();
    wire.settle();
    expect(messages).toEqual([message]);
  });

  it("works when the line drops again while frames are being sent again", () => {
    const wire = new Wire();
    for (let i = 0; i < 10; i++) wire.console.mux.say(String(i));
    wire.console.pull();
    wire.deliver(wire.console, 2);
    wire.drop();
    wire.console.pull(4);
    wire.deliver(wire.console, 1);
    wire.drop();
    wire.settle();
    expect(wire.appliance.controls.join("")).toBe("0123456789");
  });

  it("works when the welcome is lost and the handshake is made anew", () => {
    const wire = new Wire();
    wire.console.mux.say("one");
    wire.appliance.mux.say("two");
    wire.console.pull();
    wire.appliance.pull();
    wire.drop({ welcomed: false });
    wire.drop();
    wire.settle();
    expect([wire.appliance.controls, wire.console.controls]).toEqual([["one"], ["two"]]);
  });

  it("forgets beats that were due: the handshake has said what they would say", () => {
    const wire = new Wire();
    wire.console.mux.ping();
    wire.console.pull();
    wire.deliver(wire.console);
    wire.console.mux.ping();
    wire.drop();
    expect([wire.console.pull(), wire.appliance.pull()]).toEqual([[], []]);
  });

  it("does not count beats: a round trip of them alone sends nothing again", () => {
    const wire = new Wire();
    wire.console.mux.ping();
    wire.settle();
    wire.drop();
    expect(namesOf(wire.console.flying)).toEqual([]);
    expect(wire.console.pull().map(nameOf)).toEqual([]);
  });

  it("is refused when what the peer lacks is no longer kept", () => {
    const wire = new Wire();
    wire.console.mux.say("one");
    wire.console.mux.ping();
    wire.settle();
    expect(codeOf(() => wire.console.mux.resume(0))).toBe("resume-refused");
  });

  it("is refused when the peer claims more than was ever sent", () => {
    const { console } = new Wire();
    expect(codeOf(() => console.mux.resume(1))).toBe("protocol-violation");
  });

  it("keeps a channel that was reset while away reset at both ends", () => {
    const wire = new Wire();
    const { near, far, messages } = wire.open();
    near.send(Uint8Array.of(1));
    wire.console.pull();
    near.reset("cancelled");
    wire.drop();
    wire.settle();
    expect(messages).toEqual([Uint8Array.of(1)]);
    expect([near.isDone, far.isDone]).toEqual([true, true]);
  });
});

/** What may happen to a link, in any order. `far` says that the appliance does it. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("say"), far: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("send"),
      far: fc.boolean(),
      sizeBytes: fc.oneof(fc.integer({ min: 0, max: 64 }), fc.integer({ min: 0, max: 50_000 })),
      which: fc.integer({ min: 0, max: 1 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("pull", "deliver"),
      far: fc.boolean(),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ping"), far: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drop"), welcomed: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

describe("any interleaving of messages, slow transport and drops", () => {
  it("loses nothing, doubles nothing and reorders nothing", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const play = new Play();
        for (const each of steps) play.step(each);
        play.finish();
        expect(play.arrived()).toEqual(play.sent());
      }),
      { numRuns: 400 },
    );
  });
});

/** Plays steps on a wire with a screen and an input channel, and keeps book of what was sent. */
class Play {
  readonly #wire = new Wire();
  readonly #channels = (["screen", "input"] as const).map((kind) => this.#wire.open(kind));
  readonly #heardBack: string[][] = this.#channels.map(({ near }) => {
    const heard: string[] = [];
    near.listener = { message: (bytes) => heard.push(digest(bytes)) };
    return heard;
  });
  readonly #sent: string[][] = Array.from({ length: 6 }, () => []);
  #count = 0;
  // A line that is down carries nothing until a handshake has been completed.
  #isUp = true;

  step(step: Step): void {
    const far = "far" in step && step.far;
    const end = far ? this.#wire.appliance : this.#wire.console;
    if ("sizeBytes" in step) return this.#send(step.which, far, step.sizeBytes);
    if ("count" in step) return this.#move(step.do, end, step.count);
    if ("welcomed" in step) {
      this.#wire.drop(step);
      this.#isUp = step.welcomed;
      return;
    }
    if (step.do === "ping") return end.mux.ping();
    const text = `${this.#count++}`;
    this.#sent[far ? 1 : 0]?.push(text);
    end.mux.say(text);
  }

  finish(): void {
    if (!this.#isUp) this.#wire.drop();
    this.#wire.settle();
  }

  sent(): string[][] {
    return this.#sent;
  }

  arrived(): string[][] {
    const [screen, input] = this.#channels;
    return [
      this.#wire.appliance.controls,
      this.#wire.console.controls,
      ...[screen, input].map((channel) => (channel?.messages ?? []).map(digest)),
      ...this.#heardBack,
    ];
  }

  #move(what: string, end: End, count: number): void {
    if (!this.#isUp) return;
    if (what === "pull") end.pull(count);
    else this.#wire.deliver(end, count);
  }

  #send(which: number, far: boolean, sizeBytes: number): void {
    const bytes = new Uint8Array(sizeBytes).fill(this.#count++ % 256);
    this.#sent[2 + (far ? 2 : 0) + which]?.push(digest(bytes));
    const channel = this.#channels[which];
    (far ? channel?.far : channel?.near)?.send(bytes);
  }
}

function digest(bytes: Uint8Array): string {
  return `${bytes.length} × ${bytes[0] ?? "nothing"}`;
}
