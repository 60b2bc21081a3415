// `npm run package`: the extension as a .vsix that VS Code installs.

import path from "node:path";
import { root } from "../../support/root.ts";
import { packArguments } from "./pack.ts";
import { show } from "./program.ts";

process.exitCode = await show("vsce", await packArguments(path.join(root, "dist/handrail.vsix")));
