// The npm packages, Node 24 among them.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { root } from "./root.mjs";
import { run, SetupError, step } from "./step.mjs";

/** The Node that runs everything of ours: the npm package "node" puts it here. */
export const node = path.join(root, "node_modules/.bin/node");

/** Runs `npm ci` unless what is installed is what package-lock.json asks for. */
export function npmPackages() {
  return step("install the npm packages", isInstalled, install);
}

async function install() {
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root });
  const version = await run(node, ["--version"]);
  if (!version.startsWith("v24.")) {
    throw new SetupError(`node_modules/.bin/node is ${version.trim()}, and Node 24 is needed.`);
  }
}

// Compares contents, not times: a fresh clone's files are all equally new, and `npm install` of one
// more package must not bring on a full `npm ci`.
async function isInstalled() {
  const wanted = await packagesOf("package-lock.json");
  const present = await packagesOf("node_modules/.package-lock.json");
  return Object.entries(wanted)
    .filter(([place]) => place.startsWith("node_modules/"))
    .every(([place, entry]) =>
      present[place] ? present[place].version === entry.version : isDispensable(entry),
    );
}

function isDispensable(entry) {
  return Boolean(entry.optional || entry.devOptional || entry.peer);
}

async function packagesOf(file) {
  try {
    return JSON.parse(await readFile(path.join(root, file), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}
