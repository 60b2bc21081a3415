import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  formatManifest,
  type Manifest,
  manifestName,
  parseManifest,
} from "../../appliance/server/update/manifest.ts";
import { writeBundle } from "../../packer/release/bundle.ts";
import { makeTree } from "../../packer/release/tree.ts";
import { root } from "./root.ts";

/** Who signs bundles: files with the two halves of a key. */
export interface Signer {
  readonly privateFile: string;
  readonly publicPem: string;
}

/** Makes a key for bundles in a folder. */
export function makeSigner(folder: string, name = "key"): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const privateFile = path.join(folder, `${name}.pem`);
  writeFileSync(privateFile, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return { privateFile, publicPem: String(publicKey.export({ type: "spki", format: "pem" })) };
}

/**
 * Makes the release of this checkout in `folder`/tree, but for Node, which weighs five times as much
 * as all the rest: whoever starts the release has one.
 */
export async function makeReleaseTree(folder: string, version: string): Promise<string> {
  const tree = path.join(folder, `tree-${version}`);
  await makeTree({ root, out: tree, version });
  changeRelease(tree, { without: ["node/bin/node"] });
  return tree;
}

/** A release of a few small files, which nothing can be started from; of a database with one schema. */
export function makeSmallTree(
  folder: string,
  version: string,
  more: Partial<Manifest> = {},
): string {
  const tree = path.join(folder, `small-${version}`);
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(path.join(tree, "appliance/server"), { recursive: true });
  const manifest: Manifest = {
    format: 1,
    product: "handrail",
    version,
    commit: "0".repeat(40),
    committedAt: 0,
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    schema: 1,
    files: [],
    links: [{ path: "appliance/main.ts", target: "server/main.ts" }],
    ...more,
  };
  symlinkSync("server/main.ts", path.join(tree, "appliance/main.ts"));
  writeFileSync(path.join(tree, manifestName), formatManifest(manifest));
  const texts = {
    "appliance/server/main.ts": `print("${version}");\n`,
    [`${"a".repeat(99)}`]: "a",
  };
  changeRelease(tree, { texts, version, schema: manifest.schema });
  return tree;
}

/** Another release: a tree with some files that are new or different, under another version. */
export function deriveRelease(
  tree: string,
  version: string,
  texts: Readonly<Record<string, string>> = {},
): string {
  const derived = path.join(path.dirname(tree), `tree-${version}`);
  // Files that are the same are one file.
  execFileSync("cp", ["--archive", "--link", tree, derived]);
  const manifestFile = "appliance/server/package.json";
  const described = JSON.parse(readFileSync(path.join(tree, manifestFile), "utf8")) as object;
  const named = { [manifestFile]: `${JSON.stringify({ ...described, version }, null, 2)}\n` };
  changeRelease(derived, { texts: { ...named, ...texts }, version });
  return derived;
}

/** Packs and signs a release tree quickly. */
export async function packRelease(tree: string, signer: Signer): Promise<string> {
  const file = `${tree}.hrupdate`;
  await writeBundle({ tree, file, keyFile: signer.privateFile, level: 1 });
  return file;
}

/** Puts a release tree where an appliance has it, and makes it the current one. */
export function placeRelease(tree: string, releasesRoot: string): void {
  const { version } = manifestOf(tree);
  const folder = path.join(releasesRoot, "releases", version);
  mkdirSync(path.dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  cpSync(tree, folder, { recursive: true, verbatimSymlinks: true });
  rmSync(path.join(releasesRoot, "current"), { force: true });
  execFileSync("ln", ["-s", `releases/${version}`, path.join(releasesRoot, "current")]);
}

function changeRelease(
  tree: string,
  change: {
    texts?: Readonly<Record<string, string>>;
    without?: readonly string[];
    version?: string;
    schema?: number;
  },
): void {
  const { texts = {}, without = [] } = change;
  const manifest = manifestOf(tree);
  const touched = new Set([...Object.keys(texts), ...without]);
  for (const name of touched) rmSync(path.join(tree, name), { force: true });
  const written = Object.entries(texts).map(([name, text]) => {
    writeFileSync(path.join(tree, name), text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    return { path: name, mode: 0o644 as const, sizeBytes: Buffer.byteLength(text), sha256 };
  });
  const files = [...manifest.files.filter(({ path: name }) => !touched.has(name)), ...written];
  const schema = change.schema ?? files.filter(({ path: name }) => name.endsWith(".sql")).length;
  const changed: Manifest = {
    ...manifest,
    version: change.version ?? manifest.version,
    schema,
    files,
  };
  rmSync(path.join(tree, manifestName));
  writeFileSync(path.join(tree, manifestName), formatManifest(changed));
}

function manifestOf(tree: string): Manifest {
  return parseManifest(readFileSync(path.join(tree, manifestName)));
}
