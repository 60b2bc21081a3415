import { copyFile, cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { makeTree } from "../release/tree.ts";
import { run } from "./command.ts";
import { built, inBuilt, root } from "./places.ts";
import type { Stage } from "./stage.ts";

/** The overlay and the release, as the provisioning scripts take them. */
export const payloadArchive = "payload.tar.zst";
/** The release as it lies on the appliance. */
export const releaseFolder = "release";

/** The release of this checkout. What it depends on is the whole checkout: it is always made. */
export function release(): Stage {
  return {
    name: "release",
    title: "the release of this checkout",
    inputs: [],
    after: [],
    outputs: [`${releaseFolder}/manifest.json`],
    also: () => new Date().toISOString(),
    run: async () => void (await makeTree({ root, out: inBuilt(releaseFolder) })),
  };
}

/** Packs the overlay, the release, and the public keys that updates are checked with. */
export function payload(updateKeys: () => Promise<readonly string[]>): Stage {
  return {
    name: "payload",
    title: "the payload of the provisioning",
    inputs: ["rootfs", `dist/${releaseFolder}/manifest.json`],
    after: [],
    outputs: [payloadArchive],
    also: async () => (await updateKeys()).join(" "),
    async run(log) {
      const work = await mkdtemp(path.join(built, "payload-"));
      try {
        await cp(path.join(root, "packer/rootfs"), `${work}/rootfs`, { recursive: true });
        const keys = `${work}/rootfs/etc/handrail/update-keys`;
        await mkdir(keys, { recursive: true });
        for (const key of await updateKeys()) {
          await copyFile(key, path.join(keys, path.basename(key)));
        }
        await pack(work, log);
      } finally {
        await rm(work, { recursive: true });
      }
    },
  };
}

// The same files give the same bytes, whoever has checked them out, and when.
async function pack(work: string, log: string): Promise<void> {
  const places = ["-C", work, ...(await readdir(work)), "-C", built, releaseFolder];
  const fixed = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  const modes = ["--mode=u+rw,go+r,go-w,a+X"];
  const program = "zstd -q -12 -T2 -f";
  const args = [...fixed, ...modes, "-I", program, "-cf", inBuilt(payloadArchive), ...places];
  await run("tar", args, { log });
}
