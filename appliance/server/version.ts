import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const manifest = path.join(import.meta.dirname, "package.json");

/** The appliance's version, as its package says. */
export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(manifest, "utf8"))).version;
