import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSystemActor } from "../../../../../appliance/client/node/system/actor.ts";
import { processStart } from "../../../../../appliance/client/node/system/process-start.ts";
import { Program } from "../../../../support/processes.ts";

const { signal } = new AbortController();
const actor = openSystemActor();

/** A program that says when it is there; `stubborn`: it does not end when it is asked to. */
async function program(kind: "polite" | "stubborn"): Promise<Program> {
  const stays = kind === "stubborn" ? "process.on('SIGTERM', () => undefined);" : "";
  const code = `${stays} setInterval(() => undefined, 1000); console.log("here");`;
  const started = new Program(process.execPath, { args: ["-e", code] });
  await started.line(/here/);
  return started;
}

function wanted(processId: number, change: { isForced?: boolean; laterMs?: number } = {}) {
  const { isForced = false, laterMs = 0 } = change;
  const startedAt = (processStart(processId)?.startedAt ?? 0) + laterMs;
  return { act: "end-process", name: "node", processId, startedAt, isForced } as const;
}

describe("ending a program", () => {
  it("asks it to end and says when it is gone", async () => {
    await using mine = await program("polite");
    expect(await actor.act(wanted(mine.pid), signal)).toEqual({ outcome: "done", said: "" });
    expect(await mine.ended()).toBeNull();
  });

  it("says that a program goes on, and kills it only when that is wanted", async () => {
    await using mine = await program("stubborn");
    expect((await actor.act(wanted(mine.pid), signal)).outcome).toBe("alive");
    expect(processStart(mine.pid)?.hasEnded).toBe(false);
    expect((await actor.act(wanted(mine.pid, { isForced: true }), signal)).outcome).toBe("done");
  }, 30_000);

  it("leaves a process alone that was started at another time: its number was used again", async () => {
    await using mine = await program("polite");
    const seen = wanted(mine.pid, { laterMs: -3_600_000 });
    expect((await actor.act(seen, signal)).outcome).toBe("gone");
    expect(processStart(mine.pid)?.hasEnded).toBe(false);
  });

  it("says that a process is not there", async () => {
    const mine = await program("polite");
    const seen = wanted(mine.pid);
    await mine[Symbol.asyncDispose]();
    expect((await actor.act(seen, signal)).outcome).toBe("gone");
  });

  it("does not end itself, nor what it was started by", async () => {
    for (const processId of [process.pid, process.ppid]) {
      expect((await actor.act(wanted(processId, { isForced: true }), signal)).outcome).toBe("own");
    }
  });
});

describe("working a service", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "handrail-services-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A systemctl that writes down what it was called with, and answers so. */
  async function systemd(answer: string) {
    const stand = path.join(folder, "systemctl");
    await writeFile(stand, `#!/bin/sh\necho "$@" > "${folder}/called"\n${answer}\n`);
    await chmod(stand, 0o700);
    return openSystemActor({ bootedFolder: folder, program: stand });
  }

  it("says so where systemd does not run the computer", async () => {
    const without = openSystemActor({
      bootedFolder: path.join(folder, "no"),
      program: "systemctl",
    });
    const done = await without.act({ act: "restart", service: "cups" }, signal);
    expect(done.outcome).toBe("no-systemd");
  });

  it.each(["start", "stop", "restart"] as const)("has systemd %s the very service", async (act) => {
    const system = await systemd("exit 0");
    expect((await system.act({ act, service: "cups" }, signal)).outcome).toBe("done");
    const called = await readFile(path.join(folder, "called"), "utf8");
    expect(called.trim()).toBe(`${act} --no-pager -- cups.service`);
  });

  it.each([
    ["Failed to stop x.service: Unit x.service not loaded.", "no-service"],
    ["Failed to stop x.service: Access denied", "forbidden"],
    ["Failed to stop x.service: Interactive authentication required.", "forbidden"],
    ["Job for x.service failed.", "failed"],
  ] as const)("tells what systemd says: %s", async (said, outcome) => {
    const system = await systemd(`echo "${said}" >&2; exit 1`);
    expect(await system.act({ act: "stop", service: "x" }, signal)).toEqual({ outcome, said });
  });
});
