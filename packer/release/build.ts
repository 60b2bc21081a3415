// Makes a release of this checkout: the tree that /opt/handrail/releases/<version> holds, and, where
// a key is named, the signed bundle by which appliances are updated.
//
//   node packer/release/build.ts --out FOLDER [--bundle FILE --key PRIVATE.pem] [--version VERSION]
//
// Everything must be installed and built before (npm ci, media/build.ts, appliance/client/build.ts);
// nothing is fetched. A bundle that is a folder gets its usual name there.

import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { writeBundle } from "./bundle.ts";
import { makeTree } from "./tree.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    bundle: { type: "string" },
    key: { type: "string" },
    version: { type: "string" },
    level: { type: "string" },
  },
});
if (values.out === undefined || (values.bundle === undefined) !== (values.key === undefined)) {
  throw new Error("--out FOLDER is needed, and --bundle FILE goes together with --key PRIVATE.pem");
}
const out = path.resolve(values.out);
const manifest = await makeTree({
  root: path.resolve(import.meta.dirname, "../.."),
  out,
  ...(values.version === undefined ? {} : { version: values.version }),
});
const treeBytes = manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
console.log(
  `handrail ${manifest.version} (${manifest.commit.slice(0, 12)}), Node ${manifest.node}: ` +
    `${manifest.files.length} files, ${megabytes(treeBytes)} in ${out}`,
);
if (values.bundle !== undefined && values.key !== undefined) {
  const { file, sizeBytes } = await writeBundle({
    tree: out,
    file: bundleFile(path.resolve(values.bundle), manifest.version),
    keyFile: values.key,
    ...(values.level === undefined ? {} : { level: Number(values.level) }),
  });
  console.log(`${file}: ${megabytes(sizeBytes)}`);
}

function bundleFile(named: string, version: string): string {
  const isFolder = existsSync(named) && statSync(named).isDirectory();
  return isFolder ? path.join(named, `handrail-${version}.hrupdate`) : named;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
