// Every npm script of the project comes here: `node test/setup/run.mjs <task> [arguments]`.
// It brings the machine into the state the task needs, doing only what is not done yet, and then
// runs the task under Node 24. Runs itself on Node 20 or newer, before anything is installed.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { bundles } from "./build.mjs";
import { codeServer } from "./code-server.mjs";
import {
  benchmarkPackages,
  debianPackages,
  desktopPackages,
  serverPackages,
  imagePackages,
  roomPackages,
  viewerPackages,
} from "./debian.mjs";
import { node, npmPackages } from "./npm.mjs";
import { root } from "./root.mjs";
import { SetupError } from "./step.mjs";

const tested = () => debianPackages([...desktopPackages, ...serverPackages, ...roomPackages]);
const image = () => debianPackages(imagePackages);
const testedImage = () => debianPackages([...desktopPackages, ...imagePackages, "unzip"]);
const shownDesktop = () => debianPackages([...desktopPackages, ...viewerPackages]);
const benchmark = () => debianPackages([...desktopPackages, ...benchmarkPackages]);

const tasks = {
  check: { steps: [npmPackages], script: "test/setup/tasks/check.ts" },
  test: { steps: [npmPackages, tested, codeServer, bundles], script: "test/setup/tasks/test.ts" },
  demo: { steps: [npmPackages, shownDesktop, codeServer, bundles], script: "test/demo/main.ts" },
  bench: { steps: [npmPackages, benchmark, codeServer, bundles], script: "test/bench/main.ts" },
  image: { steps: [npmPackages, image, bundles], script: "packer/build.ts" },
  "test:image": {
    steps: [npmPackages, testedImage, bundles],
    script: "test/setup/tasks/test-image.ts",
  },
  package: { steps: [npmPackages, bundles], script: "test/setup/tasks/package.ts" },
};

async function main([name, ...args]) {
  const task = Object.hasOwn(tasks, name ?? "") ? tasks[name] : undefined;
  if (!task) throw new SetupError(`Please name one of: ${Object.keys(tasks).join(", ")}.`);
  for (const step of task.steps) await step();
  if (!existsSync(path.join(root, task.script))) throw new SetupError(`${task.script} is missing.`);
  return underNode24(task.script, args);
}

/** Resolves to the task's exit code. */
function underNode24(script, args) {
  const bin = path.join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}` };
  const child = spawn(node, [script, ...args], { cwd: root, env, stdio: "inherit" });
  // Ending is the task's business, as it has programs to stop. Ctrl+C reaches it from the terminal.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
