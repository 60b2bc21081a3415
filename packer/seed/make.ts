import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { output } from "../image/command.ts";
import { root } from "../image/places.ts";
import { isoImage } from "./iso.ts";

/** The label by which an appliance knows the disk. */
export const seedLabel = "HANDRAIL-SEED";

/** A disk with these settings, as an appliance looks for it at its first start. */
export function seedDisk(settings: Uint8Array): Buffer {
  return isoImage(seedLabel, [{ name: "handrail.json", content: settings }]);
}

/**
 * Makes the disk of a file of settings, which the appliance's own command checks first; it lies beside
 * the file when `out` is left out. For whoever makes it alone: there are secrets on it.
 * @throws Error when the settings cannot be used; the command has said why
 */
export async function makeSeed(file: string, out?: string): Promise<string> {
  const settings = path.resolve(file);
  const disk = path.resolve(out ?? `${settings.replace(/\.json$/, "")}.iso`);
  const command = path.join(root, "appliance/server/handrail.ts");
  await output(process.execPath, [command, "seed", "check", settings]);
  await writeFile(`${disk}.part`, seedDisk(await readFile(settings)), { mode: 0o600 });
  await rename(`${disk}.part`, disk);
  return disk;
}
