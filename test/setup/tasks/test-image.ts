// `npm run test:image`: builds the appliance's image and starts it, one machine at a time. Arguments
// go to the build: `npm run test:image -- --fast`.

import path from "node:path";
import { root } from "../../support/root.ts";
import { show } from "./program.ts";
import { close } from "./tally.ts";
import { vitest } from "./vitest-run.ts";

const exitCode = await show("node", ["packer/build.ts", ...process.argv.slice(2)]);
if (exitCode === 0) {
  const reporter = `--reporter=${path.join(root, "test/image/reporter.ts")}`;
  close([await vitest({ suites: ["image"], options: ["--no-file-parallelism", reporter] })]);
} else {
  process.exitCode = exitCode;
}
