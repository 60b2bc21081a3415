import {
  type Lsid,
  shellConsoleMessage,
  type ShellConsoleMessage,
  type ShellCustomerMessage,
  shellCustomerMessage,
} from "@handrail/protocol";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import type { Desktop } from "../support/desktop.ts";
import { connectConsole, type ConsoleEnd, type Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { root } from "../support/root.ts";
import { accessToken } from "../support/signed-in.ts";
import { Visit } from "../support/visit.ts";
import { Scene } from "../support/scene.ts";

/** The client as customers get it: the start-up files of shells lie elsewhere in it. */
const bundled = [process.execPath, path.join(root, "dist/client/linux-x64/app.mjs")];

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

/** A console's terminal: what it shows, and what it types. */
class Terminal {
  readonly probe: Probe;

  static async open(console: ConsoleEnd, lsid: Lsid, begin: ShellConsoleMessage) {
    const terminal = new Terminal(await console.open("shell", lsid).opened());
    terminal.say(begin);
    return terminal;
  }

  private constructor(probe: Probe) {
    this.probe = probe;
  }

  get messages(): ShellCustomerMessage[] {
    return this.probe.messages.map((bytes) => shellCustomerMessage.decode(bytes));
  }

  get output(): Buffer {
    const parts = this.messages.flatMap((m) => (m.type === "output" ? [m.bytes] : []));
    return Buffer.concat(parts);
  }

  say(message: ShellConsoleMessage): void {
    this.probe.send(shellConsoleMessage.encode(message));
  }

  type(text: string): void {
    this.say({ type: "input", bytes: Buffer.from(text) });
  }

  async shows(text: string): Promise<void> {
    await poll(`the terminal shows ${text}`, () => this.output.toString().includes(text));
  }

  /** Number of the shell. */
  async started(): Promise<number> {
    return poll("the shell has started", () => {
      const [first] = this.messages;
      return first?.type === "started" ? first.shell : undefined;
    });
  }
}

const size = { columns: 80, rows: 24 };

/** A session in which the representative has a shell. */
async function openShell(visit: Visit) {
  await visit.grant("shell");
  const terminal = await Terminal.open(visit.representative, visit.lsid, {
    ...{ type: "start", ...size },
  });
  return { terminal, shell: await terminal.started() };
}

/** The command lines of a session as the audit log has them. */
async function commandsOf(console: ConsoleEnd, lsid: Lsid) {
  const { events } = await console.call("session.history", { lsid });
  return events.filter(({ event }) => event === "shell.command");
}

describe("a shell on the customer's computer", () => {
  it("runs commands, which are written down with directory, code and duration", async () => {
    await using visit = await Visit.begin({
      ...{ appliance, desktop, command: bundled },
      env: { SHELL: "/bin/bash" },
    });
    const { representative } = visit;
    const { terminal } = await openShell(visit);
    expect(terminal.messages[0]).toMatchObject({ program: "/bin/bash" });
    terminal.type("echo $((6 * 7)) é; false\r");
    await terminal.shows("42 é\r\n");
    const { event } = await representative.hears(
      "session.event",
      (told) => told.event.event === "shell.command",
    );
    expect(event.detail).toMatchObject({
      ...{ command: "echo $((6 * 7)) é; false", directory: desktop.home, exitCode: 1 },
    });
    expect(event.who).toBe("Ann Archer");
    expect(terminal.output.toString()).not.toContain("6973");
    terminal.type("exit 3\r");
    expect(await terminal.probe.end()).toBe("closed");
    expect(terminal.messages.at(-1)).toEqual({ type: "exited", code: 3 });
  });

  it("goes on through a dropped line, and floods neither it nor memory", async () => {
    await using visit = await Visit.begin({ appliance, desktop, env: { SHELL: "/bin/zsh" } });
    const { representative, client } = visit;
    const { terminal } = await openShell(visit);
    const heldKb = () => memoryKb(client.program.pid);
    terminal.type("yes $((41 + 1))\r");
    await terminal.shows("42\r\n42\r\n");
    representative.drop();
    const before = heldKb();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(heldKb() - before).toBeLessThan(48 * 1024);
    expect((await representative.connect(true)).resumed).toBe(true);
    terminal.type("\u{3}");
    terminal.type("echo an'd on'\r");
    await terminal.shows("and on\r\n");
    const lines = terminal.output.toString().split("\r\n");
    const flood = lines.slice(lines.indexOf("42"), lines.lastIndexOf("42"));
    expect(flood.every((line) => line === "42")).toBe(true);
  });

  it("is attached to again after a restart of the appliance", async () => {
    await using stack = new AsyncDisposableStack();
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "handrail-restart-"));
    stack.defer(() => rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 }));
    const first = await Appliance.start({ dataDirectory });
    await first.setUp();
    await using visit = await Visit.begin({
      ...{ appliance: first, desktop, env: { SHELL: "/bin/bash" } },
    });
    const { lsid } = visit;
    const { terminal, shell } = await openShell(visit);
    terminal.type("sleep 4; echo mean'while'\r");
    await terminal.shows("mean'while'\r\n");
    const received = terminal.output.length;
    first.program.signal("SIGKILL");
    await first[Symbol.asyncDispose]();
    const second = stack.use(await Appliance.start({ dataDirectory, port: first.port }));
    const back = stack.use(await connectConsole(second.url, await accessToken(second)));
    await poll("the customer is there again", async () => {
      const { sessions } = await back.call("overview", {});
      return sessions.some((session) => session.lsid === lsid && session.customerConnected);
    });
    const again = await Terminal.open(back, lsid, { type: "attach", shell, received, ...size });
    expect(await again.started()).toBe(shell);
    await again.shows("meanwhile\r\n");
    again.type("echo still the sa'me'\r");
    await again.shows("still the same\r\n");
    expect((terminal.output.toString() + again.output.toString()).match(/meanwhile/g)).toHaveLength(
      1,
    );
    const commands = await poll("both are written down", async () => {
      const found = await commandsOf(back, lsid);
      return found.length === 2 ? found : undefined;
    });
    expect(commands[0]?.detail).toMatchObject({ command: "sleep 4; echo mean'while'" });
  });

  it("ends, with all that runs in it, when the customer takes it back", async () => {
    await using visit = await Visit.begin({ appliance, desktop, env: { SHELL: "/bin/bash" } });
    const { terminal } = await openShell(visit);
    terminal.type("sleep 1000 & echo pid:$!: $$:; cat\r");
    await terminal.shows(":\r\n");
    const found = /pid:(\d+): (\d+):\r/.exec(await shown(terminal, /pid:\d+: \d+:\r/));
    await visit.window.focus();
    await desktop.xdotool("key", "alt+t");
    // By the client itself, before the appliance is told.
    expect(await terminal.probe.end()).toBe("not-permitted");
    for (const pid of found?.slice(1) ?? []) {
      await poll(`process ${pid} is gone`, () => !existsSync(`/proc/${pid}`));
    }
    expect(found).not.toBeNull();
    const open = visit.representative.open("shell", visit.lsid);
    expect(await open.end()).not.toBe("closed");
  });

  it("ends with the client, even if that is killed", async () => {
    await using visit = await Visit.begin({ appliance, desktop, env: { SHELL: "/bin/bash" } });
    const { terminal } = await openShell(visit);
    const other = await Terminal.open(visit.representative, visit.lsid, { type: "start", ...size });
    other.type("echo pid:$$:\r");
    terminal.type("echo pid:$$:; cat\r");
    const pids: string[] = [];
    for (const each of [terminal, other]) {
      pids.push(/pid:(\d+):/.exec(await shown(each, /pid:\d+:/))?.[1] ?? "");
    }
    visit.client.program.signal("SIGKILL");
    for (const pid of pids) await poll("a shell is gone", () => !existsSync(`/proc/${pid}`));
  });
});

async function shown(terminal: Terminal, pattern: RegExp): Promise<string> {
  await poll("it is shown", () => pattern.test(terminal.output.toString()));
  return terminal.output.toString();
}

function memoryKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
