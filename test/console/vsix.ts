import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";

let packed: Promise<string> | undefined;

/** Packs the console that was built last, as `npm run package` does, once; gives the file. */
export function packConsole(): Promise<string> {
  return (packed ??= pack());
}

async function pack(): Promise<string> {
  const file = path.join(root, "dist/handrail.vsix");
  await mkdir(path.dirname(file), { recursive: true });
  const args = [
    ...["package", "--no-dependencies", "--allow-missing-repository"],
    ...["--readme-path", "extension/README.md", "--out", file],
  ];
  await using program = new Program(path.join(root, "node_modules/.bin/vsce"), { args, cwd: root });
  if ((await program.ended()) !== 0)
    throw new Error(`the console was not packed: ${program.output}`);
  return file;
}
