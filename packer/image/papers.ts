import { copyFile, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { packageList } from "./base.ts";
import { type Component, billOfMaterials } from "./bill.ts";
import { imagesOf, nameOf, outFolder } from "./export.ts";
import { sha256 } from "./machine.ts";
import { releaseFolder } from "./payload.ts";
import { inBuilt } from "./places.ts";
import type { SigningKey } from "./signing-key.ts";
import type { Stage } from "./stage.ts";
import { toolset } from "./toolset.ts";

/** The part of a release's manifest that the image's own repeats. */
interface Release {
  readonly commit: string;
  readonly committedAt: number;
  readonly node: string;
}

/** What goes with the images: what is in them, their checksums, and who vouches for these. */
export function papers(version: string, key: SigningKey): Stage {
  const name = nameOf(version);
  const [manifest, bill] = [`${name}.manifest.json`, `${name}.cdx.json`];
  const made = [manifest, bill, "SHA256SUMS", "SHA256SUMS.sig", "handrail.pem"];
  return {
    name: "papers",
    title: "manifest, bill of materials, checksums, signature",
    inputs: ["toolset.json", "image/papers.ts", "image/bill.ts"],
    after: ["export", "payload"],
    outputs: made.map((file) => `${outFolder}/${file}`),
    also: async () => readFile(key.publicFile, "utf8"),
    async run() {
      const out = inBuilt(outFolder);
      const components = [...(await debianPackages()), ...(await npmPackages())];
      const origin = await releaseOf();
      const about = { name: "handrail-appliance", version, ...origin };
      await write(bill, billOfMaterials(about, components));
      const images = await Promise.all(
        imagesOf(version).map(async (file) => {
          const place = path.join(out, file);
          return { file, sizeBytes: (await stat(place)).size, sha256: await sha256(place) };
        }),
      );
      await write(manifest, { version, ...origin, tools: toolset.tools, images, components });
      const summed = [...imagesOf(version), manifest, bill];
      const lines = await Promise.all(
        summed.map(async (file) => `${await sha256(path.join(out, file))}  ${file}\n`),
      );
      const sums = Buffer.from(lines.join(""));
      await writeFile(path.join(out, "SHA256SUMS"), sums);
      await writeFile(path.join(out, "SHA256SUMS.sig"), await key.sign(sums));
      await copyFile(key.publicFile, path.join(out, "handrail.pem"));
    },
  };
}

async function write(file: string, value: object): Promise<void> {
  await writeFile(inBuilt(`${outFolder}/${file}`), `${JSON.stringify(value, undefined, 2)}\n`);
}

async function releaseOf(): Promise<Release> {
  const text = await readFile(inBuilt(`${releaseFolder}/manifest.json`), "utf8");
  const { commit, committedAt, node } = JSON.parse(text) as Release;
  return { commit, committedAt, node };
}

async function debianPackages(): Promise<Component[]> {
  const lines = (await readFile(inBuilt(packageList), "utf8")).trim().split("\n");
  return lines.map((line) => {
    const [name = "", version = "", architecture = ""] = line.split("\t");
    return { kind: "deb", name, version, architecture };
  });
}

/** The packages that are in the release, each once for every version of it. */
async function npmPackages(): Promise<Component[]> {
  const folder = inBuilt(releaseFolder);
  const places = await readdir(folder, { recursive: true });
  const manifests = places.filter((place) =>
    /(^|\/)node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(place),
  );
  const found = new Map<string, Component>();
  for (const place of manifests.toSorted()) {
    const text = await readFile(path.join(folder, place), "utf8");
    const { name, version } = JSON.parse(text) as { name?: string; version?: string };
    if (name === undefined || version === undefined) continue;
    found.set(`${name} ${version}`, { kind: "npm", name, version });
  }
  return [...found.values()];
}
