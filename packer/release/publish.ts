// Makes a release channel of a folder of bundles: writes index.json and its signature beside them. The
// folder is then put on any web server with HTTPS, under the address that administrators name.
//
//   node packer/release/publish.ts FOLDER --key PRIVATE.pem

import path from "node:path";
import { parseArgs } from "node:util";
import { writeIndex } from "./channel.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { key: { type: "string" } },
});
const [folder] = positionals;
if (folder === undefined || positionals.length > 1 || values.key === undefined) {
  throw new Error("FOLDER and --key PRIVATE.pem are needed");
}
const { serial, releases } = await writeIndex(path.resolve(folder), values.key);
const versions = releases.map(({ version }) => version).join(", ");
console.log(`index ${serial}: ${versions === "" ? "no release" : versions}`);
