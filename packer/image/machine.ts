import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, copyFile, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { run } from "./command.ts";
import { diskMiB, makeDisk } from "./disk.ts";
import { payloadArchive } from "./payload.ts";
import { inBuilt, room } from "./places.ts";
import type { Stage } from "./stage.ts";
import { toolset } from "./toolset.ts";
import { Tree } from "./tree.ts";

/** The provisioned and sealed disk, not compressed. */
export const sealedDisk = "handrail.qcow2";
const baseDisk = "base.qcow2";
const sshKey = "ssh/build";
const scripts = ["install.sh", "services.sh", "harden.sh", "seal.sh"];
const scriptInputs = scripts.map((name) => `scripts/${name}`);

/** What both ways of provisioning need to know. */
export interface Provisioning {
  readonly version: string;
  /** QEMU's: "tcg" or "kvm". */
  readonly accelerator: string;
}

/** The base on a disk that starts, with a key that is made for this build alone. */
export const disk: Stage = {
  name: "disk",
  title: "a disk that starts",
  inputs: ["image/disk.ts"],
  after: ["base"],
  outputs: [baseDisk, sshKey],
  also: () => JSON.stringify(toolset.disk),
  async run(log) {
    const key = inBuilt(sshKey);
    await rm(path.dirname(key), { recursive: true, force: true });
    await mkdir(path.dirname(key), { recursive: true, mode: 0o700 });
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "build", "-f", key], { log });
    await using tree = await Tree.ofBase(log);
    const known = path.join(tree.folder, "root/.ssh");
    await mkdir(known, { recursive: true, mode: 0o700 });
    await copyFile(`${key}.pub`, `${known}/authorized_keys`);
    await chmod(`${known}/authorized_keys`, 0o600);
    await run("chroot", [tree.folder, "ssh-keygen", "-A"], { log });
    await makeDisk(tree.folder, inBuilt(baseDisk), log);
  },
};

/** Packer starts the base in a machine and has the scripts provision it: as thorough as it gets. */
export function byPacker({ version, accelerator }: Provisioning): Stage {
  return {
    name: "machine",
    title: "the machine, provisioned by Packer (minutes when it is emulated)",
    inputs: ["template", ...scriptInputs],
    after: ["disk", "payload"],
    outputs: [sealedDisk],
    also: () => `packer ${version} ${accelerator}`,
    async run(log) {
      const folder = inBuilt("packer");
      await rm(folder, { recursive: true, force: true });
      const variables = {
        version,
        accelerator,
        base_image: inBuilt(baseDisk),
        base_checksum: `sha256:${await sha256(inBuilt(baseDisk))}`,
        payload: inBuilt(payloadArchive),
        ssh_key: inBuilt(sshKey),
        output_directory: folder,
        // The image says its size; no room is needed but for the table's second copy.
        disk_size: `${diskMiB}M`,
        memory_mib: String(toolset.machine.buildMemoryMiB),
        cpus: String(toolset.machine.cpus),
      };
      const given = Object.entries(variables).flatMap(([name, value]) => [
        "-var",
        `${name}=${value}`,
      ]);
      // Packer asks its maker for newer versions unless it is told not to.
      const env = { CHECKPOINT_DISABLE: "1", PACKER_CACHE_DIR: inBuilt("packer-cache") };
      const template = path.join(room, "template");
      await run("packer", ["validate", ...given, template], { log, env });
      await run("packer", ["build", "-color=false", ...given, template], { log, env });
      await rename(path.join(folder, sealedDisk), inBuilt(sealedDisk));
      await rm(inBuilt("packer-cache"), { recursive: true, force: true });
    },
  };
}

/** The same scripts in the unpacked base: seconds, for everyday work. */
export function byChroot({ version }: Provisioning): Stage {
  return {
    name: "machine",
    title: "the machine, provisioned without starting it",
    inputs: ["image/disk.ts", "scripts/chroot.sh", ...scriptInputs],
    after: ["base", "payload"],
    outputs: [sealedDisk],
    also: () => `chroot ${version} ${JSON.stringify(toolset.disk)}`,
    async run(log) {
      await using tree = await Tree.ofBase(log);
      await provision(tree.folder, version, log);
      await makeDisk(tree.folder, inBuilt(sealedDisk), log);
    },
  };
}

/** Runs the scripts that make an appliance of an unpacked base. */
export async function provision(folder: string, version: string, log: string): Promise<void> {
  await copyFile(inBuilt(payloadArchive), path.join(folder, "tmp/payload.tar.zst"));
  const files = scripts.map((name) => path.join(room, "scripts", name));
  const alone = ["--mount", "--net", "--uts", "--ipc"];
  await run("unshare", [...alone, path.join(room, "scripts/chroot.sh"), folder, ...files], {
    log,
    env: { HANDRAIL_VERSION: version },
  });
}

/** SHA-256 of a file, hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
