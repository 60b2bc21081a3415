import {
  type ChildProcessWithoutNullStreams,
  execFile,
  execFileSync,
  spawn,
  spawnSync,
} from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { poll } from "../support/poll.ts";
import { root } from "../support/root.ts";

/** What the appliance's console does, in parts; as a whole it runs in the tests on the image. */
const parts = path.join(root, "packer/rootfs/usr/libexec/handrail/console");
const texts = path.join(root, "packer/rootfs/usr/share/handrail/console/en.sh");
/** As the console has it: letters of two bytes are letters. */
const env = { ...process.env, LC_ALL: "", LC_CTYPE: "C.UTF-8" };
/** Longest that a part takes which must not wait for anybody, ms. */
const soonMs = 10_000;

let folder: string;
let settings: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-console-"));
  settings = path.join(folder, "data/config/server.json");
  for (const each of ["data/config", "opt/update", "bin"]) {
    mkdirSync(path.join(folder, each), { recursive: true });
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program of bash that has the console's parts, with these folders in the place of the image's. */
function programOf(work: string): readonly string[] {
  const sourced = ["facts", "server", "page", "ask", "diagnosis"].map(
    (name) => `. ${parts}/${name}.sh`,
  );
  const places = `data=${folder}/data releases=${folder}/opt asked=${folder} PATH=${folder}/bin:$PATH`;
  return ["-c", `${sourced.join("\n")}\n. ${texts}\n${places}\n${work}`];
}

function shown(work: string, input = ""): string {
  const ran = spawnSync("bash", programOf(work), {
    ...{ input, env, timeout: soonMs },
    encoding: "utf8",
  });
  expect({ error: ran.error, said: ran.stderr }).toEqual({ error: undefined, said: "" });
  return ran.stdout;
}

describe("what lies in the server's folder", () => {
  test("is shown where it is what it should be", () => {
    writeFileSync(settings, '{\n  "publicUrl": "https://support.example.org:8443"\n}\n');
    writeFileSync(path.join(folder, "data/set-up-code"), "BCDF-2345-GHJK-6789\n");
    expect(shown("site; echo; set_up_code")).toBe(
      "https://support.example.org:8443\nBCDF-2345-GHJK-6789",
    );
  });

  test.each([
    ["a pipe that nobody writes into", () => execFileSync("mkfifo", [settings])],
    ["a link", () => symlinkSync("/dev/zero", settings)],
    ["a folder", () => mkdirSync(settings)],
    ["nothing", () => undefined],
    ["an address with words", () => writeUrl("https://a b")],
    ["bytes of no text", () => writeFileSync(settings, Buffer.alloc(100_000))],
  ])("keeps the console from nothing: %s", (_what, make) => {
    make();
    expect(shown("site; echo end")).toBe("end\n");
  });

  test("has no marks that a screen obeys", () => {
    writeUrl("https://a\u001b[2Jb");
    expect(shown("site")).not.toContain("\u001b");
  });

  function writeUrl(publicUrl: string): void {
    writeFileSync(settings, `{"publicUrl": "${publicUrl}"}`);
  }
});

describe("a server", () => {
  test.each([
    ["starting", "activating", 0, 0],
    ["starting", "active", 3, 0],
    ["failed", "active", 4, 0],
    ["failed", "activating", 9, 0],
    ["failed", "failed", 0, 0],
    // Stopped by somebody; one that is to be started waits for something.
    ["failed", "inactive", 0, 0],
    ["starting", "inactive", 0, 12],
  ])("is %s when it is %s, restarted %i times", (state, active, restarts, job) => {
    serviceManager(active, restarts, job);
    expect(shown("server_state")).toBe(state);
  });

  test("counts its restarts from when it last served for a while", () => {
    serviceManager("activating", 7, 0);
    expect(shown("restarts_before=5; server_state")).toBe("starting");
    expect(shown("restarts_before=3; server_state")).toBe("failed");
    // Somebody has stopped and started it: they are counted anew.
    expect(shown("is_served() { false; }; restarts_before=8; look_at_server; server_state")).toBe(
      "failed",
    );
  });

  test("is starting while it is updated, until the update stands still", () => {
    serviceManager("inactive", 9, 0);
    const journal = path.join(folder, "opt/update/journal.json");
    writeFileSync(journal, "{}");
    expect(shown("server_state")).toBe("starting");
    // The clock went back since.
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(journal, tomorrow, tomorrow);
    expect(shown("server_state")).toBe("failed");
    const anHourAgo = Date.now() / 1000 - 3600;
    utimesSync(journal, anHourAgo, anHourAgo);
    expect(shown("server_state")).toBe("failed");
  });

  test("is not there while its bundle is offered", () => {
    serviceManager("inactive", 0, 0);
    writeFileSync(path.join(folder, "bundle"), "BCDF-2345-GHJK-6789\n");
    expect(shown("server_state")).toBe("offered");
    writeFileSync(path.join(folder, "bundle"), "");
    expect(shown("server_state")).toBe("failed");
  });

  /** systemctl(1) as it answers for such a server. */
  function serviceManager(state: string, restarts: number, job: number): void {
    const file = path.join(folder, "bin/systemctl");
    const facts = [`ActiveState=${state}`, `NRestarts=${restarts}`, ...(job ? [`Job=${job}`] : [])];
    writeFileSync(
      file,
      `#!/bin/sh\n[ "$1" != show ] && exit\n[ "$3" = --value ] && echo ${restarts} && exit\ncat <<END\n${facts.join("\n")}\nEND\n`,
    );
    chmodSync(file, 0o755);
  }
});

test("what was typed before a question is no answer to it", async () => {
  using terminal = new Terminal(
    'sleep 1; is_sure "Go on?" && echo SURE || echo "NOT SURE"; ask_line "Which?"; echo "<$typed>"\n' +
      "wait_for_key; echo END",
  );
  terminal.type("yy\ny");
  await terminal.shows("Go on?");
  expect(terminal.seen).not.toContain("SURE");
  terminal.type("nRESET\n");
  await terminal.shows("NOT SURE");
  await terminal.shows("Which?");
  terminal.type("one\n");
  await terminal.shows("<one>");
  await terminal.shows("Press any key");
  expect(terminal.seen).not.toContain("END");
  terminal.type("\n");
  await terminal.shows("END");
});

test("half an answer that nobody ends is none, and no key of the menu", async () => {
  using terminal = new Terminal(
    'ask_line "Which?" 1; echo "<$typed>"; forget_keys; read -r -s -n 1 -t 1 key; echo "key=$key."',
  );
  await terminal.shows("Which?");
  terminal.type("support.r");
  await terminal.shows("<>");
  await terminal.shows("key=.");
});

test("what a program says is shown without what a screen obeys", () => {
  const said = "a\\033[2Jb\\007c\\302\\233d \\303\\251t\\303\\251\\n";
  expect(shown(`sentence "$(printf '${said}')"`)).toBe("  a[2Jbcd été\n");
});

test("labels with accents stand as wide as others", () => {
  const label = (text: string) => shown(`text[width]=8; line '${text}' x`);
  expect([label("Clé"), label("Clef"), label("Clé très longue")]).toEqual([
    "  Clé      x\n",
    "  Clef     x\n",
    "  Clé très longue x\n",
  ]);
});

/** A terminal on which a program with the console's parts runs. */
class Terminal implements Disposable {
  seen = "";
  readonly #program: ChildProcessWithoutNullStreams;

  constructor(work: string) {
    const file = path.join(folder, "work.sh");
    writeFileSync(file, programOf(work)[1] ?? "");
    this.#program = spawn("script", ["--quiet", "--command", `bash ${file}`, "/dev/null"], { env });
    this.#program.stdout.setEncoding("utf8").on("data", (text: string) => (this.seen += text));
  }

  type(keys: string): void {
    this.#program.stdin.write(keys);
  }

  shows(text: string): Promise<unknown> {
    return poll(`it shows ${text}`, () => this.seen.includes(text));
  }

  [Symbol.dispose](): void {
    this.#program.kill();
  }
}

describe("the test of the network", () => {
  test("asks a name server, which answers or does not", async () => {
    const address = "127.0.0.9";
    const server = createSocket("udp4");
    const asked: Buffer[] = [];
    server.on("message", (query, { port, address: from }) => {
      asked.push(query);
      const answer = Buffer.from(query);
      answer.writeUInt8(0x81, 2);
      server.send(answer, port, from);
    });
    server.bind(53, address);
    await once(server, "listening");
    expect(await ends(`knows_names ${address}`)).toBe(0);
    server.close();
    // One question, for the servers (2) of the root's name, of the Internet (1).
    const header = [0x48, 0x52, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    expect([...(asked[0] ?? [])]).toEqual([...header, 0, 0, 2, 0, 1]);
    expect(await ends(`knows_names ${address}`)).not.toBe(0);
  });

  test("tries a port of an address of either kind", async () => {
    const server = createServer((socket) => socket.end()).listen(0, "::");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      expect(await said(`${host}:${port}`)).toMatch(new RegExp(`^ +Port +${port} +works$`, "m"));
    }
    server.close();
    await once(server, "close");
    expect(await said(`[::1]:${port}`)).toMatch(new RegExp(`Port +${port} +DOES NOT WORK`));
  });

  test.each(["2001:db8::1", "-f", "a b", "example.org:port", "[::1", "$(id)"])(
    "says how a target is written in the place of %s",
    async (target) => {
      expect(await said(target)).toContain("[2001:db8::25]:25");
    },
  );

  async function said(target: string): Promise<string> {
    // What comes before the question is forgotten.
    return await run(`try_target < <(sleep 0.5; echo '${target}'); true`);
  }

  async function ends(work: string): Promise<number> {
    return Number(await run(`${work} 2>/dev/null; echo $?`));
  }

  /** Beside the servers of these tests, which are in this process. */
  async function run(work: string): Promise<string> {
    const { stdout } = await promisify(execFile)("bash", programOf(work));
    return stdout;
  }
});
