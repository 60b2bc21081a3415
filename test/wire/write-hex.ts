// `node test/wire/write-hex.ts`: writes the .hex file of every vector that has none yet. A file
// that is there is never written again: old vectors stay as they are.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { formats } from "./formats.ts";
import { readVectors, toHex, vectorFolder } from "./vector.ts";

for (const vector of await readVectors()) {
  const format = formats[vector.format];
  if (vector.lines || !format) continue;
  const hex = format.encode(vector.value as never).map(toHex);
  await writeFile(path.join(vectorFolder, `${vector.name}.hex`), `${hex.join("\n")}\n`);
}
