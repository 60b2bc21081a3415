// `npm run package`: the extension as a .vsix that VS Code installs.

import { show } from "./program.ts";

process.exitCode = await show("vsce", [
  ...["package", "--no-dependencies", "--allow-missing-repository"],
  ...["--readme-path", "extension/README.md", "--out", "dist/handrail.vsix"],
]);
