import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { run } from "./command.ts";
import { inBuilt, room } from "./places.ts";
import type { Stage } from "./stage.ts";
import { toolset } from "./toolset.ts";

/** The unpacked Debian, as an archive. */
export const baseArchive = "base.tar";
/** What it consists of: name, version and architecture of each package, a line each. */
export const packageList = "packages.tsv";

/**
 * Where Debian comes from: this machine's own sources, security updates among them, or those that
 * the variable names. The image asks the same ones for its updates.
 */
function sourcesFile(): string {
  const file = process.env.HANDRAIL_APT_SOURCES ?? "/etc/apt/sources.list.d/debian.sources";
  if (existsSync(file)) return file;
  throw new Error(`${file} is missing: name a file with Debian's sources in HANDRAIL_APT_SOURCES.`);
}

/** Debian with what an appliance needs of it, and nothing of ours but how it starts. */
export const base: Stage = {
  name: "base",
  title: "Debian as an archive",
  inputs: ["base", "scripts/customize.sh"],
  after: [],
  outputs: [baseArchive, packageList],
  also: async () => JSON.stringify(toolset.debian) + (await readFile(sourcesFile(), "utf8")),
  run: (log) => run("mmdebstrap", mmdebstrapArguments(), { log }),
};

function mmdebstrapArguments(): string[] {
  const { architecture, excludedPaths, packages, suite } = toolset.debian;
  const overlay = path.join(room, "base/rootfs");
  const customize = path.join(room, "scripts/customize.sh");
  return [
    ...["--mode=root", "--variant=minbase", `--architectures=${architecture}`],
    "--skip=check/empty,cleanup/reproducible",
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Retries "5"',
    // Kept in the image, so that later updates leave out the same.
    ...excludedPaths.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    `--include=${packages.join(",")}`,
    `--customize-hook="${customize}" "$1" "${overlay}" "${inBuilt(packageList)}"`,
    ...[suite, inBuilt(baseArchive), sourcesFile()],
  ];
}
