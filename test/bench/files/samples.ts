import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** What is moved: a folder with one large file, and one with many small ones. */
export const samples = {
  large: { name: "large", files: 1, fileBytes: 256 * 1024 * 1024 },
  small: { name: "small", files: 10_000, fileBytes: 4096 },
} as const;
/** One of them. */
export type Sample = (typeof samples)[keyof typeof samples];

/** Makes the sample's folder in another one. What is in it cannot be compressed. */
export async function makeSample(
  folder: string,
  { name, files, fileBytes }: Sample,
): Promise<void> {
  const place = path.join(folder, name);
  await mkdir(place);
  for (let number = 0; number < files; number++) {
    await writeFile(path.join(place, `file-${number}`), randomBytes(fileBytes));
  }
}

/** One hash over names and contents of all files in a folder. */
export async function digestOf(folder: string): Promise<string> {
  const all = createHash("sha256");
  for (const name of (await readdir(folder)).sort()) {
    all.update(name).update(await readFile(path.join(folder, name)));
  }
  return all.digest("hex");
}
