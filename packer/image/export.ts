import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "./command.ts";
import { sealedDisk, sha256 } from "./machine.ts";
import { inBuilt, room } from "./places.ts";
import type { Stage } from "./stage.ts";
import { toolset } from "./toolset.ts";

/** What an administrator is given lies here. */
export const outFolder = "out";

/** The name that every file of a version begins with. */
export function nameOf(version: string): string {
  return `handrail-${version}`;
}

/** The files of a version, by hypervisor. */
export function imagesOf(version: string): readonly string[] {
  return ["ova", "qcow2", "vhdx.zip"].map((end) => `${nameOf(version)}.${end}`);
}

/** The provisioned disk as each hypervisor takes it, enlarged to its shipped size, which is sparse. */
export function exported(version: string): Stage {
  const name = nameOf(version);
  return {
    name: "export",
    title: "qcow2, OVA and VHDX",
    inputs: ["image/export.ts", "template/handrail.ovf"],
    after: ["machine"],
    outputs: imagesOf(version).map((file) => `${outFolder}/${file}`),
    also: () => version + JSON.stringify([toolset.disk, toolset.machine]),
    async run(log) {
      const out = inBuilt(outFolder);
      await rm(out, { recursive: true, force: true });
      await mkdir(out, { recursive: true });
      const disk = inBuilt(sealedDisk);
      await run("qemu-img", ["resize", "-q", disk, `${toolset.disk.shippedMiB}M`], { log });
      const to = async (format: string, options: readonly string[], file: string) =>
        run("qemu-img", ["convert", ...options, "-O", format, disk, path.join(out, file)], { log });
      await to("qcow2", ["-c", "-o", "compression_type=zlib"], `${name}.qcow2`);
      const vmdk = `${name}-disk1.vmdk`;
      await to("vmdk", ["-o", "subformat=streamOptimized,adapter_type=lsilogic"], vmdk);
      await pack(name, version, log);
      await to("vhdx", ["-o", "subformat=dynamic,block_size=1M"], `${name}.vhdx`);
      // Hyper-V reads no compressed disk, and Windows opens this by itself.
      await run("zip", ["-q", "-m", "-X", `${name}.vhdx.zip`, `${name}.vhdx`], { log, cwd: out });
    },
  };
}

/** An OVA is an archive: the description first, then its checksums, then the disk. */
async function pack(name: string, version: string, log: string): Promise<void> {
  const out = inBuilt(outFolder);
  const [ovf, sums, vmdk] = [`${name}.ovf`, `${name}.mf`, `${name}-disk1.vmdk`];
  await writeFile(path.join(out, ovf), await describe(name, version, path.join(out, vmdk)));
  const lines = [ovf, vmdk].map(
    async (file) => `SHA256(${file})= ${await sha256(path.join(out, file))}\n`,
  );
  await writeFile(path.join(out, sums), (await Promise.all(lines)).join(""));
  const fixed = ["--format=ustar", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
  const parts = [ovf, sums, vmdk];
  await run("tar", [...fixed, "-cf", `${name}.ova.part`, ...parts], { log, cwd: out });
  await rename(path.join(out, `${name}.ova.part`), path.join(out, `${name}.ova`));
  await Promise.all(parts.map((file) => rm(path.join(out, file))));
}

async function describe(name: string, version: string, vmdk: string): Promise<string> {
  const template = await readFile(path.join(room, "template/handrail.ovf"), "utf8");
  const values: Readonly<Record<string, string | number>> = {
    NAME: name,
    VERSION: version,
    DISK: path.basename(vmdk),
    DISK_BYTES: (await stat(vmdk)).size,
    CAPACITY_BYTES: toolset.disk.shippedMiB * 1024 * 1024,
    CPUS: toolset.machine.cpus,
    MEMORY_MIB: toolset.machine.memoryMiB,
  };
  return template.replace(/@([A-Z_]+)@/g, (found, key: string) => String(values[key] ?? found));
}
