import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { poll } from "../../../../support/poll.ts";
import { ShellSeat } from "../../../../support/shell-seat.ts";

let home: string;
let stack: DisposableStack;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "handrail-shell-"));
  stack = new DisposableStack();
});
afterEach(async () => {
  stack.dispose();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

/** A shell that is gone at the end of the test. */
function sit(shell: string, environment: NodeJS.ProcessEnv = {}): ShellSeat {
  return stack.use(new ShellSeat({ shell, home, environment }));
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
}

describe("a shell in a terminal", () => {
  it("is the user's own, in their home, with UTF-8 and nothing of the client's", async () => {
    const seat = sit("/bin/sh", {
      HANDRAIL_JOIN_FILE: "/secret",
      LD_PRELOAD: "",
      NODE_OPTIONS: "",
      LC_ALL: "POSIX",
    });
    await seat.type('env | grep -cE "^(HANDRAIL|LD|NODE)_"; pwd; echo "$TERM é $LC_CTYPE"; tty\r');
    // The first prompt may come after what was typed already.
    await seat.shows(/\n([#$] )?0\r\n/);
    await seat.shows(`${home}\r\n`);
    await seat.shows("xterm-256color é C.UTF-8\r\n");
    await seat.shows(/\/dev\/pts\/\d+/);
    await seat.type("echo $((40 + 2)); exit 3\r");
    expect(await seat.ends()).toBe(3);
    expect(seat.shown).toContain("42\r\n");
  });

  it("shows all that it wrote before it ended, also when it had to wait", async () => {
    const seat = sit("/bin/sh");
    seat.process.pause();
    await seat.type("printf '%30000s' x; exit 5\r");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(seat.exitCode).toBeUndefined();
    seat.process.resume();
    expect(await seat.ends()).toBe(5);
    expect(seat.shownBytes).toBeGreaterThan(30_000);
  });

  it("tells full-screen programs their new size, and they draw again", async () => {
    const seat = sit("/bin/bash");
    await writeFile(
      path.join(home, "lines"),
      [...Array(200).keys()].map((n) => `row${n}`).join("\n"),
    );
    await seat.prompt();
    await seat.type("less lines\r");
    await seat.shows("row22");
    expect(seat.shown).not.toContain("row45");
    seat.process.resize({ columns: 100, rows: 48 });
    await seat.shows("row46");
    await seat.type("q");
    await seat.prompt(1);
    await seat.run("stty size");
    expect(seat.shown).toContain("48 100");
  });

  it("is interrupted by Ctrl+C, whatever it writes", async () => {
    const seat = sit("/bin/bash");
    await seat.prompt();
    await seat.type("yes\r");
    await poll("it floods", () => seat.shownBytes > 1_000_000);
    await seat.type("\u{3}");
    await poll("it has ended", () => seat.marks.includes("X 130"));
  });

  it("stops a flood that is not read, without memory", async () => {
    const seat = sit("/bin/bash");
    await seat.prompt();
    await seat.type("yes\r");
    await poll("it floods", () => seat.shownBytes > 100_000);
    seat.process.pause();
    const before = seat.shownBytes;
    const { rss } = process.memoryUsage();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(seat.shownBytes).toBe(before);
    expect(process.memoryUsage().rss - rss).toBeLessThan(32 * 1024 * 1024);
    seat.process.resume();
    await poll("it goes on", () => seat.shownBytes > before + 100_000);
  });

  it("takes a long paste at its own pace, and holds nobody up", async () => {
    const seat = sit("/bin/bash");
    await seat.prompt();
    await seat.type("stty -echo; sleep 2; cat > said\r");
    await poll("it sleeps", () => seat.marks.some((mark) => mark.startsWith("S ")));
    const text = `${"é".repeat(50)}\n`.repeat(5000);
    let longestMs = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    stack.defer(() => clearInterval(watch));
    await seat.type(text);
    await seat.type("\u{4}");
    await poll("it was taken", () => seat.marks.includes("X 0") && seat.marks.at(-1) === "X 0");
    // Whoever waited for the shell would wait for all of its two seconds.
    expect(longestMs).toBeLessThan(1500);
    expect(await readFile(path.join(home, "said"), "utf8")).toBe(text);
  });
});

describe("a shell that is hung up", () => {
  it("ends with what runs in it", async () => {
    const seat = sit("/bin/bash");
    await seat.prompt();
    await seat.type("sleep 1000 & echo back:$!:; exec -a front sleep 1001\r");
    await seat.shows(/back:\d+:/);
    const background = Number(/back:(\d+):/.exec(seat.shown)?.[1]);
    seat.process.hangUp();
    expect(await seat.ends()).toBe(-1);
    await poll("what it had started is gone", () => !isAlive(background));
  });

  it("is killed when it does not listen, and hung up only by itself", async () => {
    const other = sit("/bin/bash");
    const seat = sit("/bin/sh");
    await other.prompt();
    await seat.type("trap '' HUP; echo re'ady'; while :; do sleep 1; done\r");
    await seat.shows("ready");
    seat.process.hangUp();
    expect(await seat.ends()).toBe(-9);
    await other.run("echo still here");
    expect(other.exitCode).toBeUndefined();
  });
});

describe.each(["/usr/bin/bash", "/usr/bin/zsh"])("command lines of %s", (shell) => {
  it("are marked as they were typed, with directory and exit code", async () => {
    const seat = sit(shell);
    await seat.prompt();
    seat.marks.length = 0;
    await seat.run("cd /usr; false | true; (exit 7)");
    await seat.run(" echo ‘hidden’");
    await seat.run("echo 'a\nb'");
    expect(seat.marks).toEqual([
      ...[`D ${home}`, "S cd /usr; false | true; (exit 7)", "X 7"],
      ...["D /usr", "S  echo ‘hidden’", "X 0"],
      ...["D /usr", "S echo 'a b'", "X 0"],
    ]);
    expect(seat.shown).not.toContain("6973");
  });

  it("hold nothing of what is typed when a program asks for a password", async () => {
    const seat = sit(shell);
    await seat.prompt();
    await seat.type("read -s word; echo got $#word ${#word}\r");
    await poll("it reads", () => seat.marks.some((mark) => mark.startsWith("S ")));
    await seat.run("opensesame");
    await seat.shows(/got .*10/);
    expect(seat.marks.join("\n")).not.toContain("opensesame");
    expect(seat.shown).not.toContain("opensesame");
  });

  it("are not believed from a file that pretends", async () => {
    const seat = sit(shell);
    await seat.prompt();
    await writeFile(path.join(home, "evil"), "\u{1b}]6973;0;S;rm -rf /\u{7}\u{1b}]6973;S;x\u{7}");
    await seat.run("cat evil; env | grep -c 6973; env | grep HANDRAIL");
    expect(seat.marks.filter((mark) => mark.startsWith("S"))).toHaveLength(1);
  });
});

describe("the user's start-up files", () => {
  it("are read by bash, and the history keeps what the user wants in it", async () => {
    await writeFile(
      path.join(home, ".bashrc"),
      "HISTCONTROL=ignoreboth\nHISTIGNORE='ls:&'\nPS1='mine> '\n",
    );
    const seat = sit("/bin/bash");
    await seat.shows("mine> ");
    for (const line of ["echo 1", " echo 2", "echo 3", "echo 3", "ls"]) await seat.run(line);
    await seat.run("history | cut -c8- | tr '\\n' '|'");
    expect(seat.marks.filter((mark) => mark.startsWith("S")).slice(0, 5)).toEqual(
      ["echo 1", " echo 2", "echo 3", "echo 3", "ls"].map((line) => `S ${line}`),
    );
    expect(seat.shown).toContain("echo 1|echo 3|history");
  });

  it("are read by zsh from its own folder, and nothing is written beside ours", async () => {
    await writeFile(path.join(home, ".zshenv"), "FROM_ENV=1\n");
    await writeFile(path.join(home, ".zshrc"), "PS1='mine> '\nprecmd() { print pre$? }\n");
    const seat = sit("/usr/bin/zsh");
    await seat.shows("mine> ");
    await seat.run("(exit 4)");
    await seat.shows("pre4");
    await seat.run('echo "<$FROM_ENV|${ZDOTDIR-none}|$HANDRAIL_MARK>"');
    expect(seat.shown).toContain("<1|none|>");
  });
});
