import path from "node:path";
import { packArguments } from "../setup/tasks/pack.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";

let packed: Promise<string> | undefined;

/** Packs the console that was built last, as `npm run package` does, once; gives the file. */
export function packConsole(): Promise<string> {
  return (packed ??= pack());
}

async function pack(): Promise<string> {
  const file = path.join(root, "dist/handrail.vsix");
  const args = await packArguments(file);
  await using program = new Program(path.join(root, "node_modules/.bin/vsce"), { args, cwd: root });
  if ((await program.ended()) !== 0)
    throw new Error(`the console was not packed: ${program.output}`);
  return file;
}
