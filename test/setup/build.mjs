// The bundles: pages and panes, the VS Code extension, the customer client.

import { existsSync } from "node:fs";
import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { node } from "./npm.mjs";
import { root } from "./root.mjs";
import { run, step } from "./step.mjs";

// In this order: the extension packs what media built.
const builds = [
  { name: "media", script: "media/build.ts", inputs: ["media"] },
  { name: "extension", script: "extension/build.ts", inputs: ["extension", "media"] },
  { name: "client", script: "appliance/client/build.ts", inputs: ["appliance/client"] },
];
const sharedInputs = ["appliance/protocol", "package.json", "package-lock.json"];

/** Runs each room's build whose inputs are newer than its last success. */
export async function bundles() {
  for (const build of builds.filter(({ script }) => existsSync(path.join(root, script)))) {
    const stamp = path.join(root, "dist", `.built-${build.name}`);
    await step(
      `build ${build.name}`,
      () => isCurrent(stamp, [...build.inputs, ...sharedInputs]),
      () => make(build.script, stamp),
    );
  }
}

async function isCurrent(stamp, inputs) {
  if (!existsSync(stamp)) return false;
  const newest = await Promise.all(inputs.map((input) => newestMs(path.join(root, input))));
  return Math.max(...newest) < (await stat(stamp)).mtimeMs;
}

async function make(script, stamp) {
  // A file that is saved while the build runs must bring on the next build.
  const startedAt = new Date();
  await run(node, [script], { cwd: root });
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, "");
  await utimes(stamp, startedAt, startedAt);
}

async function newestMs(place) {
  const found = await stat(place);
  if (!found.isDirectory()) return found.mtimeMs;
  const names = (await readdir(place)).filter((name) => name !== "dist" && name !== "node_modules");
  const inside = await Promise.all(names.map((name) => newestMs(path.join(place, name))));
  // The folder's own time tells of files that were removed.
  return Math.max(found.mtimeMs, ...inside);
}
