import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { processNames } from "../../../../../appliance/client/node/system/process-names.ts";
import { Program } from "../../../../support/processes.ts";

it("knows what a program was started as, its file, and what the kernel calls it", async () => {
  await using folder = new AsyncDisposableStack();
  const place = await mkdtemp(path.join(tmpdir(), "handrail-names-"));
  folder.defer(() => rm(place, { recursive: true, force: true }));
  const file = path.join(place, "printer-settings-dialogue");
  await copyFile("/bin/sh", file);
  await using program = new Program("bash", {
    args: ["-c", `exec -a "/opt/printing/settings: all" ${file} -c 'echo here; sleep 60; true'`],
  });
  await program.line(/here/);
  expect(processNames(program.pid)).toEqual([
    "settings",
    "printer-settings-dialogue",
    // At most 15 bytes.
    "printer-setting",
  ]);
});

it("has no name for what is not there, and one for what may not be looked at", async () => {
  const gone = new Program("true", { args: [] });
  await gone.ended();
  expect(processNames(gone.pid)).toEqual([]);
  expect(processNames(1).length).toBeGreaterThan(0);
});
