import {
  type Channel,
  type ErrorCode,
  HandrailError,
  maxDataBytes,
  shellConsoleMessage,
  type ShellConsoleMessage,
  shellCustomerMessage,
  type ShellCustomerMessage,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { RemoteShell, type ShellEnd } from "../../../../extension/shell/remote-shell.ts";
import { standingClock } from "../clock.ts";
import { joinedEnds } from "../pane/links.ts";

const size = { columns: 100, rows: 30 };
const lsid = "a".repeat(32);

/** A shell and the customer's end of its channel, with everything that each has heard. */
function openShell() {
  const heard: ShellConsoleMessage[] = [];
  const links = joinedEnds((channel) => {
    channel.listener = { message: (bytes) => heard.push(shellConsoleMessage.decode(bytes)) };
  });
  const clock = standingClock();
  const told: string[] = [];
  const ends: ShellEnd[] = [];
  const state = { reach: "now" as "now" | "later" | "never", isLinked: true, shown: "" };
  const shell = new RemoteShell(
    {
      openChannel: () => {
        if (state.isLinked) return links.console.open({ kind: "shell", lsid });
        throw new HandrailError("unavailable", "not connected");
      },
      reach: () => state.reach,
      clock,
    },
    size,
    {
      output: (text) => (state.shown += text),
      started: (isAgain) => told.push(isAgain ? "started again" : "started"),
      titled: (title) => told.push(`title ${title}`),
      lost: (bytes) => told.push(`lost ${bytes}`),
      interrupted: () => told.push("interrupted"),
      overfull: () => told.push("overfull"),
      ended: (end) => ends.push(end),
    },
  );
  shell.open();
  links.flow();
  const far = (): Channel => {
    const channel = links.opened.at(-1)?.channel;
    if (!channel) throw new Error("no channel was opened");
    return channel;
  };
  const say = (message: ShellCustomerMessage) => {
    far().send(shellCustomerMessage.encode(message));
    links.flow();
  };
  const reset = (code: ErrorCode) => {
    far().reset(code);
    links.flow();
  };
  const started = () => say({ type: "started", shell: 7, program: "/bin/bash", isElevated: false });
  const output = (text: string | Uint8Array) => {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    say({ type: "output", bytes: Uint8Array.from(bytes) });
  };
  const again = async () => {
    await clock.advance(1_000);
    links.flow();
  };
  return { ...links, clock, shell, heard, told, ends, state, say, reset, started, output, again };
}

describe("a shell", () => {
  it("starts with the size of its terminal", () => {
    const { heard, started, told } = openShell();
    started();
    expect(heard).toEqual([{ type: "start", ...size }]);
    expect(told).toEqual(["started"]);
  });

  it("carries what is typed, and a large paste in pieces", () => {
    const { heard, started, shell, flow } = openShell();
    shell.input("too early");
    started();
    shell.input("é".repeat(20_000));
    flow();
    const inputs = heard.filter((message) => message.type === "input");
    expect(inputs.length).toBeGreaterThan(1);
    const text = Buffer.concat(inputs.map(({ bytes }) => bytes)).toString("utf8");
    expect(text).toBe("é".repeat(20_000));
  });

  it("does not take more input than the line may have to carry", () => {
    const { started, shell, told, flow } = openShell();
    started();
    shell.input("x".repeat(5 * 1024 * 1024));
    flow();
    expect(told).toContain("overfull");
  });

  it("tells a new size", () => {
    const { heard, started, shell, flow } = openShell();
    started();
    shell.resize({ columns: 0, rows: 70_000 });
    flow();
    expect(heard.at(-1)).toEqual({ type: "resize", columns: 1, rows: 65_535 });
  });

  it("shows characters that are cut between messages, and no attacks", async () => {
    const { started, output, state, clock } = openShell();
    started();
    const bytes = new TextEncoder().encode("日\u001b]52;c;QQ==\u0007本");
    for (const byte of bytes) output(new Uint8Array([byte]));
    await clock.advance(25);
    expect(state.shown).toBe("日本");
  });

  it("gives credit only for what the window has taken", async () => {
    const { started, output, state, clock, flow } = openShell();
    started();
    for (let i = 0; i < 600; i++) output("y".repeat(maxDataBytes - 1));
    const first = state.shown.length;
    expect(first).toBeLessThan(200_000);
    for (let i = 0; i < 300; i++) {
      await clock.advance(25);
      flow();
    }
    expect(state.shown).toHaveLength(600 * (maxDataBytes - 1));
  });

  it("says how it ended once all before it was shown", async () => {
    const { started, output, say, state, clock, ends } = openShell();
    started();
    output("first");
    output("last words");
    say({ type: "exited", code: 3 });
    expect(ends).toEqual([]);
    await clock.advance(25);
    expect(state.shown).toBe("firstlast words");
    await clock.advance(25);
    expect(ends).toEqual([{ by: "exit", code: 3 }]);
  });

  it("hangs up when its terminal is closed", () => {
    const { started, shell, heard, flow, ends } = openShell();
    started();
    shell.hangUp();
    flow();
    expect(heard.at(-1)).toEqual({ type: "hangUp" });
    expect(ends).toEqual([]);
  });
});

describe("a shell whose channel is lost", () => {
  it("goes on at the byte that it has", async () => {
    const { started, output, reset, again, heard, told, state, clock } = openShell();
    started();
    output("12345");
    reset("unavailable");
    expect(told).toEqual(["started", "interrupted"]);
    await again();
    expect(heard.at(-1)).toEqual({ type: "attach", shell: 7, received: 5, ...size });
    started();
    output("67");
    await clock.advance(25);
    expect(state.shown).toBe("1234567");
    expect(told.at(-1)).toBe("started again");
  });

  it("waits for as long as the customer is away", async () => {
    const { started, reset, again, state, opened, ends } = openShell();
    started();
    state.reach = "later";
    reset("customer-away");
    await again();
    await again();
    expect(opened).toHaveLength(1);
    state.reach = "now";
    await again();
    expect(opened).toHaveLength(2);
    expect(ends).toEqual([]);
  });

  it("counts what is lost as received", async () => {
    const { started, output, say, reset, again, heard, told } = openShell();
    started();
    output("123");
    say({ type: "lost", bytes: 100 });
    reset("too-slow");
    await again();
    expect(heard.at(-1)).toMatchObject({ type: "attach", received: 103 });
    expect(told).toContain("lost 100");
  });

  it("ends with the session", async () => {
    const { started, reset, state, again, ends } = openShell();
    started();
    state.reach = "later";
    reset("unavailable");
    state.reach = "never";
    await again();
    expect(ends).toEqual([{ by: "refusal", code: "session-ended" }]);
  });

  it.each(["customer-refused", "not-permitted", "not-found"] as const)(
    "is over when the reason is %s",
    (code) => {
      const { started, reset, ends } = openShell();
      started();
      reset(code);
      expect(ends).toEqual([{ by: "refusal", code }]);
    },
  );

  it("is over when it never began", () => {
    const { reset, ends } = openShell();
    reset("customer-away");
    expect(ends).toEqual([{ by: "refusal", code: "customer-away" }]);
  });
});

describe("a customer's client that talks nonsense", () => {
  it("loses the channel", () => {
    const { opened, flow, ends } = openShell();
    opened.at(-1)?.channel.send(new Uint8Array([99, 1, 2]));
    flow();
    expect(ends).toEqual([{ by: "refusal", code: "protocol-violation" }]);
  });
});
