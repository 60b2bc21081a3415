import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type ActionName,
  type ActionResult,
  builtInActions,
  type SystemActAnswer,
} from "@handrail/protocol";
import { systemActAnswer, systemActRequest } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processStart } from "../../appliance/client/node/system/process-start.ts";
import type { Appliance } from "../support/appliance.ts";
import type { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { Scene } from "../support/scene.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-actions-"));
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A customer's home, with programs of the desktop that write down what they are called with. */
class Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;

  static async make(programs: Readonly<Record<string, string>>): Promise<Home> {
    const home = new Home(await mkdtemp(path.join(folder, "home-")));
    const bin = path.join(home.folder, "bin");
    await mkdir(bin);
    for (const [name, does] of Object.entries(programs)) {
      const file = path.join(bin, name);
      await writeFile(file, `#!/bin/sh\necho "${name} $*" >> "${home.folder}/called"\n${does}\n`);
      await chmod(file, 0o700);
    }
    return home;
  }

  private constructor(at: string) {
    this.folder = at;
    this.env = {
      HOME: at,
      XDG_CONFIG_HOME: path.join(at, ".config"),
      XDG_STATE_HOME: path.join(at, ".local/state"),
      PATH: `${path.join(at, "bin")}:${process.env["PATH"] ?? ""}`,
    };
  }

  /** What the programs were called with. */
  async called(): Promise<string[]> {
    const lines = await readFile(path.join(this.folder, "called"), "utf8").catch(() => "");
    return lines.split("\n").filter(Boolean);
  }

  /** The files below a folder of the home. */
  filesIn(place: string): string[] {
    const at = path.join(this.folder, place);
    return existsSync(at) ? readdirSync(at).map((name) => path.join(at, name)) : [];
  }
}

const autostart = ".config/autostart";
const state = ".local/state/handrail";

/** Has it done while the customer answers what is asked. */
async function run(visit: Visit, action: ActionName, allows = true): Promise<ActionResult> {
  const { representative, lsid, window } = visit;
  let result: ActionResult | undefined;
  const done = representative
    .call("action.run", { lsid, action })
    .then((value) => (result = value));
  if (allows) await window.allow(`${action} is done`, () => result !== undefined);
  return done;
}

/** The facts of an event of the session, when it comes. */
async function happened(visit: Visit, event: string) {
  const told = await visit.representative.hears(
    "session.event",
    (heard) => heard.event.event === event,
  );
  return told.event.detail;
}

describe("special actions", () => {
  it("are done with what the desktop brings, shown, and written down with what came of them", async () => {
    const home = await Home.make({ "xdg-screensaver": "exit 0" });
    await using visit = await Visit.begin({ appliance, desktop, env: home.env });
    await visit.grant("actions");
    expect(await run(visit, "lock", false)).toEqual({ outcome: "done", exitCode: 0 });
    expect(await home.called()).toEqual(["xdg-screensaver lock"]);
    expect(await happened(visit, "action.done")).toMatchObject({ act: "lock", outcome: "done" });
  });

  it("give what they start the customer's desktop, and nothing of the client", async () => {
    const home = await Home.make({ "xdg-screensaver": 'env > "$HOME/environment"' });
    const secrets = { HANDRAIL_TEST: "ours", GITHUB_TOKEN: "secret", LD_PRELOAD: "" };
    const env = { ...home.env, ...secrets, LANG: "C.UTF-8" };
    await using visit = await Visit.begin({ appliance, desktop, env });
    await visit.grant("actions");
    expect(await run(visit, "lock", false)).toMatchObject({ outcome: "done" });
    const written = await readFile(path.join(home.folder, "environment"), "utf8");
    expect(written).toContain(`HOME=${home.folder}`);
    expect(written).toMatch(/^DISPLAY=:\d+/m);
    expect(written).toContain("LANG=C.UTF-8");
    for (const name of Object.keys(secrets)) expect(written).not.toContain(name);
  });

  it("open a real program on the customer's screen, which stays", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    await visit.grant("actions");
    const { outcome, opened } = await run(visit, "terminal", false);
    expect(outcome).toBe("done");
    expect(opened).toMatch(/term/);
    const search = ["search", "--onlyvisible", "--class", "term"];
    const id = await poll("a terminal is there", () => desktop.xdotool(...search).catch(() => ""));
    await desktop.xdotool("windowkill", id.trim().split("\n")[0] ?? "");
  });

  it("are not done without the permission, and nobody is logged out without being asked", async () => {
    const home = await Home.make({ "gnome-session-quit": "exit 0" });
    await using visit = await Visit.begin({ appliance, desktop, env: home.env });
    const { representative, lsid } = visit;
    const wanted = { lsid, action: "log-out" } as const;
    expect(await representative.outcome("action.run", wanted)).toBe("customer-refused");
    await visit.grant("actions");
    expect(await run(visit, "log-out")).toMatchObject({ outcome: "done" });
    expect(await home.called()).toEqual(["gnome-session-quit --logout --no-prompt"]);
  });

  it("say what is not possible: nothing that locks, no such action, a command of a console", async () => {
    const home = await Home.make({ "xdg-screensaver": "exit 4", loginctl: "exit 1" });
    await using visit = await Visit.begin({ appliance, desktop, env: home.env });
    const { representative, lsid } = visit;
    await visit.grant("actions");
    expect(await run(visit, "lock", false)).toEqual({ outcome: "failed", exitCode: 1 });
    const unknown = { lsid, action: "ab".repeat(16) };
    expect(await representative.outcome("action.run", unknown)).toBe("not-found");
    const command = { lsid, action: "xterm" };
    expect(await representative.outcome("action.run", command as never)).not.toBe("allowed");
  });
});

describe("a restart", () => {
  it("is asked about, waits, and comes back by what the desktop starts; then nothing is left", async () => {
    const home = await Home.make({ systemctl: "exit 0" });
    await using visit = await Visit.begin({ appliance, desktop, env: home.env });
    expect(await run(visit, "reboot")).toMatchObject({ outcome: "done" });
    expect(await home.called()).toEqual(["systemctl reboot"]);
    await visit.session(({ returnsUntil }) => returnsUntil !== undefined);

    const [entry = ""] = home.filesIn(autostart);
    const [file = ""] = home.filesIn(state);
    for (const each of [entry, file]) expect(statSync(each).mode & 0o777).toBe(0o600);
    const { returning } = JSON.parse(readFileSync(file, "utf8")) as { returning: string };
    expect(returning).toMatch(/^hrt_/);
    expect(readFileSync(entry, "utf8")).not.toContain(returning);
    // The computer goes down.
    await visit.client.program[Symbol.asyncDispose]();
    const isThere = async () => (await visit.state()).customerConnected;
    await poll("the customer is away", async () => !(await isThere()));

    const exec = /^Exec=(.*)$/m.exec(readFileSync(entry, "utf8"))?.[1] ?? "";
    const started = [...exec.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(
      ([, argument]) => argument ?? "",
    );
    const [program = "", ...args] = started;
    await using again = new Program(program, { args, env: { ...desktop.env, ...home.env } });
    await poll("the customer is back", isThere, 30_000);
    expect((await visit.state()).returnsUntil).toBeUndefined();
    expect([...home.filesIn(autostart), ...home.filesIn(state)]).toEqual([]);
    const window = await CustomerWindow.shown(desktop);
    await visit.representative.call("session.end", { lsid: visit.lsid });
    await window.dismiss();
    await again.ended();
    // What it came with works once.
    await using thief = new Program(program, { args, env: { ...desktop.env, ...home.env } });
    await thief.line(/ENOENT|no such file/i);
  });

  it("leaves nothing behind when the customer says no, or the computer does not", async () => {
    const home = await Home.make({ systemctl: "exit 1", loginctl: "exit 1" });
    await using visit = await Visit.begin({ appliance, desktop, env: home.env });
    expect(await run(visit, "reboot")).toEqual({ outcome: "failed", exitCode: 1 });
    expect([...home.filesIn(autostart), ...home.filesIn(state)]).toEqual([]);
    expect(await happened(visit, "customer.not-restarting")).toEqual({});
    expect((await visit.state()).returnsUntil).toBeUndefined();

    const { representative, lsid, window } = visit;
    let result: ActionResult | undefined;
    void representative
      .call("action.run", { lsid, action: "reboot" })
      .then((value) => (result = value));
    await poll("the customer says no", async () => {
      await window.focus();
      await desktop.xdotool("key", "alt+r");
      return result;
    });
    expect(result).toEqual({ outcome: "refused" });
    expect(await home.called()).toEqual(["systemctl reboot", "loginctl reboot"]);
  });
});

describe("programs and services", () => {
  it("are ended and worked once the customer allows it, and written down", async () => {
    await using victim = new Program("sleep", { args: ["1000"] });
    await using visit = await Visit.begin({ appliance, desktop });
    const { representative, lsid } = visit;
    const early = representative.open("system-act", lsid);
    expect(await early.end()).toBe("customer-refused");
    await visit.grant("system-act");
    const channel = await representative.open("system-act", lsid).opened();
    const ask = async (id: number, wanted: object): Promise<SystemActAnswer> => {
      channel.send(systemActRequest.encode({ id, wanted } as never));
      return poll("it is answered", () =>
        channel.messages
          .map((bytes) => systemActAnswer.decode(bytes))
          .find((each) => each.id === id),
      );
    };
    const seen = { processId: victim.pid, startedAt: processStart(victim.pid)?.startedAt };
    const process = { act: "end-process", ...seen, name: "sleep", isForced: false };
    expect(await ask(1, process)).toMatchObject({ outcome: "done" });
    await victim.ended();
    expect(await happened(visit, "system-act.done")).toMatchObject({
      ...{ act: "end-process", processId: victim.pid, name: "sleep", outcome: "done" },
    });
    expect(await ask(2, process)).toMatchObject({ outcome: "gone" });
    if (existsSync("/run/systemd/system")) return;
    const restart = { act: "restart", service: "no-such-service" };
    expect(await ask(3, restart)).toMatchObject({ outcome: "no-systemd" });
  });
});

it("names every special action that a console can order", () => {
  expect(builtInActions).toEqual([
    ...["lock", "log-out", "terminal", "task-list", "reboot", "elevate"],
  ]);
});
