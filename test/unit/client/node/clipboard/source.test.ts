import { encodeText } from "@handrail/protocol";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openClipboard } from "../../../../../appliance/client/node/clipboard/source.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { processesWith } from "../../../../support/leftovers.ts";
import { poll } from "../../../../support/poll.ts";
import { copyOn, pasteOn } from "../../../../support/xclip.ts";

// Real programs on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const program = new URL(
  "../../../../../appliance/client/node/clipboard/clipboard-process.ts",
  import.meta.url,
);
let desktop: Desktop;
beforeAll(async () => {
  desktop = await Desktop.start({ width: 320, height: 240 });
  vi.stubEnv("DISPLAY", desktop.display);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await desktop[Symbol.asyncDispose]();
});

it("reads, places and tells of changes through a process, and ends it", async () => {
  let times = 0;
  const clipboard = openClipboard(program);
  clipboard.onChange((more) => (times += more));
  const bytes = encodeText("x".repeat(3_000_000));
  expect(await clipboard.place({ format: "text", bytes })).toMatch(/^[0-9a-f]{64}$/);
  expect((await pasteOn(desktop)).length).toBe(3_000_000);
  await copyOn(desktop, "theirs");
  await poll("it is told", () => times === 1);
  expect(await clipboard.read()).toMatchObject({ copy: { bytes: encodeText("theirs") } });
  clipboard[Symbol.dispose]();
  await poll("nobody is left", async () => (await ours()).length === 0);
});

it("answers that it failed when the process is killed, and starts another", async () => {
  const clipboard = openClipboard(program);
  await copyOn(desktop, "text");
  expect(await clipboard.read()).toMatchObject({ copy: { format: "text" } });
  const [pid = 0] = await ours();
  // Stopped, so that the question is under way when it is killed.
  process.kill(pid, "SIGSTOP");
  const reading = clipboard.read();
  process.kill(pid, "SIGKILL");
  expect(await reading).toEqual({ none: "failed" });
  expect(await clipboard.read()).toMatchObject({ copy: { format: "text" } });
  clipboard[Symbol.dispose]();
});

/** The processes that have the clipboard of this desktop. */
async function ours(): Promise<number[]> {
  const all = await processesWith(`DISPLAY=${desktop.display}\0`);
  return all.filter(({ command }) => command.includes("clipboard-process")).map(({ pid }) => pid);
}
