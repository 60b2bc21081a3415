import { beforeEach, describe, expect, it } from "vitest";
import { Elevations } from "../../../../../appliance/client/core/elevation/host.ts";
import { ShellDesk } from "../../../../../appliance/client/core/shell/desk.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { clockOf } from "../edges.ts";
import { ComputerRecord, ConsoleRecord } from "./computer.ts";

const size = { columns: 80, rows: 24 };
const mebibyte = 1024 * 1024;

let computer: ComputerRecord;
let clock: FakeClock;
let desk: ShellDesk;
beforeEach(() => {
  computer = new ComputerRecord();
  clock = new FakeClock();
  desk = new ShellDesk(computer, clockOf(clock), new Elevations());
});

function open(): ConsoleRecord {
  const console = new ConsoleRecord();
  desk.use(console.use);
  return console;
}

async function start() {
  const console = open();
  console.say({ type: "start", ...size });
  await console.take();
  const [started] = console.heard;
  if (started?.type !== "started") throw new Error("no shell was started");
  return { console, shell: started.shell, terminal: computer.terminal };
}

async function attach(shell: number, received: number) {
  const console = open();
  console.say({ type: "attach", shell, received, columns: 100, rows: 30 });
  return console.take();
}

describe("a shell", () => {
  it("gets what is typed and its size, and shows what it says", async () => {
    const { console, terminal } = await start();
    console.say({ type: "input", bytes: Buffer.from("ls\r") });
    console.say({ type: "resize", columns: 132, rows: 50 });
    terminal.says("a.txt\r\n");
    await console.take();
    expect(Buffer.concat(terminal.typed).toString()).toBe("ls\r");
    expect(terminal.sizes).toEqual([size, { columns: 132, rows: 50 }]);
    expect(console.shown).toBe("a.txt\r\n");
  });

  it("cuts much output into messages of one frame", async () => {
    const { console, terminal } = await start();
    terminal.says("x".repeat(50_000));
    await console.take();
    const sizes = console.heard.flatMap((m) => (m.type === "output" ? [m.bytes.length] : []));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(16 * 1024 - 1);
    expect(console.shown).toHaveLength(50_000);
  });

  it("waits while the channel is full, and goes on when it has drained", async () => {
    const { console, terminal } = await start();
    terminal.says("x".repeat(70_000));
    expect(terminal.isPaused).toBe(true);
    await console.take(1);
    expect(terminal.isPaused).toBe(true);
    await console.take();
    expect(terminal.isPaused).toBe(false);
  });

  it("gives no credit for what the terminal has not taken", async () => {
    const { console, terminal } = await start();
    let consumed = 0;
    console.channel.consume = (bytes) => void (consumed += bytes);
    console.say({ type: "input", bytes: new Uint8Array(1000) });
    expect(consumed).toBe(0);
    terminal.taken.at(-1)?.();
    expect(consumed).toBe(1001);
  });

  it("says how it ended and closes the channel, after all that it wrote", async () => {
    const { console, shell, terminal } = await start();
    terminal.says("bye");
    terminal.start.exited(3);
    await console.take();
    expect(console.heard.slice(1).map(({ type }) => type)).toEqual(["output", "exited"]);
    expect(console.heard.at(-1)).toEqual({ type: "exited", code: 3 });
    expect(console.channel.isGone).toBe(true);
    await attach(shell, 0);
  });

  it("hangs up when it is told to, and with the desk", async () => {
    const first = await start();
    const second = await start();
    first.console.say({ type: "hangUp" });
    expect(first.terminal.isHungUp).toBe(true);
    expect(second.terminal.isHungUp).toBe(false);
    desk[Symbol.dispose]();
    expect(second.terminal.isHungUp).toBe(true);
  });

  it("tells the title that programs give it, in one line and once", async () => {
    const { console, terminal } = await start();
    terminal.says("\u{1b}]2;vim\u{202e}\u{7}\u{1b}]2;vim\u{7}");
    await console.take();
    expect(console.heard.filter(({ type }) => type === "title")).toEqual([
      { type: "title", title: "vim" },
    ]);
  });
});

describe("a console that comes back", () => {
  it("gets exactly what it lacks", async () => {
    const { console, shell, terminal } = await start();
    terminal.says("one ");
    await console.take();
    console.drop();
    terminal.says("two ");
    const again = await attach(shell, 4);
    terminal.says("three");
    await again.take();
    expect(again.heard[0]).toMatchObject({ type: "started", shell });
    expect(again.shown).toBe("two three");
    expect(terminal.sizes.at(-1)).toEqual({ columns: 100, rows: 30 });
    expect(terminal.isHungUp).toBe(false);
  });

  it("is told how much is lost of what came in the meantime, and gets the newest megabyte", async () => {
    const { console, shell, terminal } = await start();
    console.drop();
    const block = "0123456789abcdef".repeat(4096);
    for (let i = 0; i < 20; i++) terminal.says(block);
    terminal.says("end");
    const again = await attach(shell, 0);
    expect(again.heard[1]).toEqual({ type: "lost", bytes: 20 * block.length + 3 - mebibyte });
    expect(again.shown).toHaveLength(mebibyte);
    expect(again.shown.endsWith("cdefend")).toBe(true);
    expect(again.shown.slice(0, 4)).toBe("3456");
  });

  it("finds a shell that has ended meanwhile, and how, once", async () => {
    const { console, shell, terminal } = await start();
    console.drop();
    terminal.says("bye");
    terminal.start.exited(-9);
    const again = await attach(shell, 0);
    expect(again.shown).toBe("bye");
    expect(again.heard.at(-1)).toEqual({ type: "exited", code: -9 });
    const third = await attach(shell, 0);
    expect(third.heard).toEqual([]);
    expect(third.channel.isGone).toBe(true);
  });

  it("takes over from another one", async () => {
    const { console, shell, terminal } = await start();
    const other = await attach(shell, 0);
    expect(console.channel.isGone).toBe(true);
    console.say({ type: "resize", columns: 1, rows: 1 });
    terminal.says("for the other");
    await other.take();
    expect(other.shown).toBe("for the other");
  });

  it("is refused a position that never was, and a shell that is not there", async () => {
    const { shell, terminal } = await start();
    terminal.says("abc");
    expect((await attach(shell, 4)).channel.isGone).toBe(true);
    expect((await attach(shell + 1, 0)).channel.isGone).toBe(true);
    expect((await attach(shell, 3)).channel.isGone).toBe(false);
  });
});

describe("a flood that nobody hears", () => {
  it("is slowed down and not stopped", async () => {
    const { console, terminal } = await start();
    console.drop();
    terminal.says(new Uint8Array(300_000));
    expect(terminal.isPaused).toBe(true);
    clock.advance(99);
    expect(terminal.isPaused).toBe(true);
    clock.advance(1);
    expect(terminal.isPaused).toBe(false);
  });
});

describe("what a console must not do", () => {
  it.each([
    ["begins with input", { type: "input", bytes: new Uint8Array(1) }],
    ["has no columns", { type: "start", columns: 0, rows: 24 }],
  ] as const)("it %s: the channel is reset", async (_what, message) => {
    const console = open();
    console.say(message);
    expect(console.channel.isGone).toBe(true);
    expect(computer.terminals).toEqual([]);
  });

  it("sends no message at all, starts twice, or opens more than 16", async () => {
    const garbage = open();
    garbage.channel.listener.message?.(Uint8Array.of(99));
    expect(garbage.channel.isGone).toBe(true);
    const { console } = await start();
    console.say({ type: "start", ...size });
    expect(console.channel.isGone).toBe(true);
    for (let i = 1; i < 16; i++) await start();
    const last = open();
    last.say({ type: "start", ...size });
    expect(last.channel.isGone).toBe(true);
    expect(computer.terminals).toHaveLength(16);
  });
});

describe("a command line", () => {
  it("is reported with directory, exit code and duration, and not shown", async () => {
    const { console, terminal } = await start();
    terminal.marks("D", "/srv/zoë");
    terminal.marks("S", "make   all");
    terminal.says("ok");
    clock.advance(1500);
    terminal.marks("X", "2");
    terminal.marks("X", "2");
    await console.take();
    expect(console.shown).toBe("ok");
    expect(console.reports).toEqual([
      {
        event: "shell.command",
        detail: { command: "make all", directory: "/srv/zoë", exitCode: 2, durationMs: 1500 },
      },
    ]);
  });

  it("is cut at 4000 letters", async () => {
    const { console, terminal } = await start();
    terminal.marks("S", "😀".repeat(3000));
    terminal.marks("X", "0");
    const command = console.reports[0]?.detail.command;
    expect(String(command).length).toBeLessThanOrEqual(4000);
    expect(String(command).isWellFormed()).toBe(true);
  });

  it("with which the shell ends is reported, too", async () => {
    const { console, terminal } = await start();
    terminal.marks("S", "exit 4");
    terminal.start.exited(4);
    expect(console.reports[0]?.detail).toMatchObject({ command: "exit 4", exitCode: 4 });
  });

  it("that ended while nobody listened is reported to the next who comes", async () => {
    const { console, shell, terminal } = await start();
    terminal.marks("S", "sleep 60");
    console.drop();
    terminal.marks("X", "0");
    const again = await attach(shell, 0);
    expect(again.reports[0]?.detail).toMatchObject({ command: "sleep 60" });
  });
});
