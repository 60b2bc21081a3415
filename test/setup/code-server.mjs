// The real VS Code that the console is tested in: code-server, from the npm registry.

import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "./root.mjs";
import { run, step } from "./step.mjs";

const version = "4.139.1";
const folder = path.join(root, ".vscode-server-dist");
const stamp = path.join(folder, `.installed-${version}`);
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** Installs code-server beside the project: about 600 MB, two minutes on two cores. */
export function codeServer() {
  return step(`install code-server ${version}`, () => existsSync(stamp), install);
}

async function install() {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "package.json"), '{ "private": true }\n');
  // No install scripts: what must be native ships prebuilt (argon2, node-pty, @parcel/watcher), and
  // the rest is optional at run time (without @vscode/spdlog the server writes no log files).
  await run("npm", ["install", ...quiet, `code-server@${version}`], { cwd: folder });
  // VS Code's own dependencies, from the shrinkwrap inside the package; code-server's install
  // script would fetch them.
  const vscode = path.join(folder, "node_modules/code-server/lib/vscode");
  await run("npm", ["install", ...quiet, "--omit=dev"], { cwd: vscode });
  const entry = path.join(folder, "node_modules/code-server/out/node/entry.js");
  await run(path.join(root, "node_modules/.bin/node"), [entry, "--version"], { cwd: folder });
  await writeFile(stamp, "");
}
