import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { settingsOfOvf } from "./ovf-environment.ts";
import { SeedError } from "./seed-error.ts";

/** The file of settings on a disk of our own making, and what VMware puts on the disk that it makes. */
const names = { settings: "handrail.json", ovf: "ovf-env.xml" } as const;
const maxBytes = 1_000_000;

/**
 * What a medium says, unchecked; undefined when nothing on it is for us.
 * @throws SeedError when it cannot be read
 */
export function readMedium(folder: string): unknown {
  for (const name of [names.settings, names.ovf]) {
    const file = path.join(folder, name);
    if (!existsSync(file)) continue;
    const said = name === names.ovf ? settingsOfOvf(read(file)) : parse(read(file), name);
    if (said !== undefined) return said;
  }
  return undefined;
}

/** A file with settings. @throws SeedError */
export function readSettingsFile(file: string): unknown {
  return parse(read(file), path.basename(file));
}

function read(file: string): string {
  try {
    if (statSync(file).size > maxBytes) throw new Error("it is too large");
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    throw SeedError.ofFile(path.basename(file), cause);
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw SeedError.ofFile(name, cause);
  }
}
