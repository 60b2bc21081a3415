import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { chmod, copyFile, mkdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import {
  formatManifest,
  type Manifest,
  type ManifestFile,
  manifestName,
} from "../../appliance/server/update/manifest.ts";
import { type Content, contentsOf, versionOf } from "./contents.ts";

/** Where a release comes from. */
interface Origin {
  readonly commit: string;
  readonly committedAt: number;
}

/**
 * Makes the tree of a release in `out`, which is new, empty, or holds an earlier one. The same
 * commit gives the same bytes: contents, modes, times, and the manifest.
 * @throws Error when something is not installed or built, or `out` holds something else
 */
export async function makeTree(options: {
  root: string;
  out: string;
  /** What the release calls itself; as the server's package says when absent. */
  version?: string;
}): Promise<Manifest> {
  const { root, out, version } = options;
  await clear(out);
  const contents = contentsOf(root, version);
  const origin = originOf(root);
  const files: ManifestFile[] = [];
  for (const content of contents) {
    if ("link" in content) await place(out, content.path, (to) => symlink(content.link, to));
    else files.push(await write(out, content));
  }
  const manifest: Manifest = {
    format: 1,
    product: "handrail",
    version: version ?? versionOf(root),
    ...origin,
    platform: `${process.platform}-${process.arch}`,
    node: nodeOf(root),
    schema: contents.filter(({ path: name }) => name.endsWith(".sql")).length,
    files,
    links: contents.flatMap((each) =>
      "link" in each ? [{ path: each.path, target: each.link }] : [],
    ),
  };
  await writeFile(path.join(out, manifestName), formatManifest(manifest), { mode: 0o644 });
  await setTimes(out, new Date(origin.committedAt));
  return manifest;
}

async function clear(out: string): Promise<void> {
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(path.join(out, manifestName))) {
    throw new Error(`${out} holds something else: name a new folder`);
  }
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true, mode: 0o755 });
}

async function write(
  out: string,
  content: Exclude<Content, { link: string }>,
): Promise<ManifestFile> {
  const mode = content.isProgram ? 0o755 : 0o644;
  const to = await place(out, content.path, (target) =>
    "text" in content ? writeFile(target, content.text) : copyFile(content.file, target),
  );
  await chmod(to, mode);
  const hash = createHash("sha256");
  await pipeline(createReadStream(to), hash);
  const { size } = await stat(to);
  return { path: content.path, mode, sizeBytes: size, sha256: hash.digest("hex") };
}

async function place(
  out: string,
  name: string,
  make: (to: string) => Promise<void>,
): Promise<string> {
  const to = path.join(out, name);
  await mkdir(path.dirname(to), { recursive: true, mode: 0o755 });
  await make(to);
  return to;
}

/** The commit of the checkout; where there is no Git, as SOURCE_COMMIT and SOURCE_DATE_EPOCH say. */
function originOf(root: string): Origin {
  const told = process.env.SOURCE_COMMIT;
  if (told !== undefined) {
    return { commit: told, committedAt: Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000 };
  }
  const shown = execFileSync("git", ["show", "--no-patch", "--format=%H %ct", "HEAD"], {
    cwd: root,
    encoding: "utf8",
  });
  const [commit = "", seconds = ""] = shown.trim().split(" ");
  return { commit, committedAt: Number(seconds) * 1000 };
}

function nodeOf(root: string): string {
  const file = path.join(root, "node_modules/node/bin/node");
  const version = execFileSync(file, ["--version"], { encoding: "utf8" }).trim();
  if (version.startsWith("v24.")) return version.slice(1);
  throw new Error(`${file} is ${version}, and Node 24 is needed: run npm ci`);
}

/** Gives everything the same time, folders last, which change with what is put into them. */
async function setTimes(folder: string, at: Date): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const to = path.join(folder, entry.name);
    if (entry.isDirectory()) await setTimes(to, at);
    else if (entry.isFile()) await utimes(to, at, at);
  }
  await utimes(folder, at, at);
}
