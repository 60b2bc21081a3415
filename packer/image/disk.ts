import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "./command.ts";
import { built } from "./places.ts";
import { toolset } from "./toolset.ts";

const mebibyte = 1024 * 1024;
const sectorBytes = 512;
const sectorsPerMebibyte = mebibyte / sectorBytes;
const grub = "/usr/lib/grub";
/** Modules that GRUB needs before it can read the rest. */
const bootModules = [
  ...["biosdisk", "part_gpt", "ext2", "search", "search_label", "configfile", "normal", "linux"],
  ...["serial", "terminal", "echo", "test", "reboot", "halt"],
];
const commandLine =
  "console=ttyS0,115200 console=tty0 quiet loglevel=3 panic=30 net.ifnames=0 systemd.show_status=0";

/** Where the parts of the disk begin, MiB. */
const starts = { bios: 1, esp: 2, root: 2 + toolset.disk.espMiB } as const;

/** Size of the disk that `makeDisk` makes, MiB: its parts, and room for the second table. */
export const diskMiB = starts.root + toolset.disk.rootMiB + 1;

const findSystem = [
  "search --no-floppy --label hr-root --set=root",
  "set prefix=($root)/boot/grub",
  "configfile $prefix/grub.cfg",
  "",
].join("\n");

/** Found by BIOS and UEFI alike, in the system itself. */
const menu = [
  "search --no-floppy --label hr-root --set=root",
  "set timeout=1",
  "set default=0",
  "serial --unit=0 --speed=115200",
  "terminal_input console serial",
  "terminal_output console serial",
  'menuentry "Handrail" {',
  `  linux /vmlinuz root=LABEL=hr-root ro ${commandLine}`,
  "  initrd /initrd.img",
  "}",
  "",
].join("\n");

/**
 * Makes a disk from an unpacked system that starts with BIOS and with UEFI (Secure Boot's signed
 * chain): GPT with a part for GRUB, one for UEFI and the system. It takes no loop device, no mount
 * and no boot. The data partition is made by the machine itself.
 */
export async function makeDisk(tree: string, disk: string, log: string): Promise<void> {
  await mkdir(path.join(tree, "boot/grub"), { recursive: true });
  await writeFile(path.join(tree, "boot/grub/grub.cfg"), menu);
  const work = await mkdtemp(path.join(built, "disk-"));
  try {
    await run("truncate", ["--size", `${diskMiB}M`, `${work}/disk`], { log });
    await writeFile(`${work}/table`, partitionTable());
    await run("sh", ["-c", 'sfdisk --quiet "$1" <"$2"', "sh", `${work}/disk`, `${work}/table`], {
      log,
    });
    await makeSystem(tree, work, log);
    await makeEsp(work, log);
    await makeBiosBoot(work, log);
    await run("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", `${work}/disk`, disk], { log });
  } finally {
    await rm(work, { recursive: true });
  }
}

function partitionTable(): string {
  const { espMiB, rootMiB } = toolset.disk;
  const part = (startMiB: number, sizeMiB: number, rest: string) =>
    `start=${startMiB * sectorsPerMebibyte}, size=${sizeMiB * sectorsPerMebibyte}, ${rest}`;
  return [
    "label: gpt",
    part(starts.bios, 1, "type=21686148-6449-6E6F-744E-656564454649, name=bios"),
    part(starts.esp, espMiB, "type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=esp"),
    part(starts.root, rootMiB, "type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name=root-a"),
    "",
  ].join("\n");
}

async function makeSystem(tree: string, work: string, log: string): Promise<void> {
  const file = `${work}/root`;
  await run("truncate", ["--size", `${toolset.disk.rootMiB}M`, file], { log });
  // GRUB 2.06 cannot read what mke2fs makes by default.
  const options = ["-t", "ext4", "-L", "hr-root", "-m", "1", "-O", "^metadata_csum_seed"];
  await run("mke2fs", ["-q", ...options, "-E", "lazy_itable_init=0", "-d", tree, file], { log });
  await put(work, "root", starts.root, log);
}

/** shim, signed by Microsoft, starts Debian's signed GRUB, which looks for the system. */
async function makeEsp(work: string, log: string): Promise<void> {
  const file = `${work}/esp`;
  await run("truncate", ["--size", `${toolset.disk.espMiB}M`, file], { log });
  await run("mkfs.vfat", ["-F", "32", "-s", "1", "-n", "HR-ESP", file], { log });
  await writeFile(`${work}/grub.cfg`, findSystem);
  await run("mmd", ["-i", file, "::/EFI", "::/EFI/BOOT", "::/EFI/debian"], { log });
  const contents: readonly (readonly [string, string])[] = [
    ["/usr/lib/shim/shimx64.efi.signed", "EFI/BOOT/BOOTX64.EFI"],
    ["/usr/lib/shim/mmx64.efi.signed", "EFI/BOOT/mmx64.efi"],
    [`${grub}/x86_64-efi-signed/grubx64.efi.signed`, "EFI/BOOT/grubx64.efi"],
    [`${work}/grub.cfg`, "EFI/debian/grub.cfg"],
  ];
  for (const [source, target] of contents) {
    await run("mcopy", ["-i", file, source, `::/${target}`], { log });
  }
  await put(work, "esp", starts.esp, log);
}

/**
 * GRUB for BIOS, which grub-install would write through a loop device: boot.img in the first sector
 * leads to core.img, whose first sector leads to the rest of it. Both places are little-endian sector
 * numbers at fixed offsets (GRUB 2.06: boot.S, kernel_sector; diskboot.S, blocklist_default_start).
 */
async function makeBiosBoot(work: string, log: string): Promise<void> {
  await writeFile(`${work}/embedded.cfg`, findSystem);
  const settings = ["-O", "i386-pc", "-p", "/boot/grub", "-c", `${work}/embedded.cfg`];
  await run("grub-mkimage", [...settings, "-o", `${work}/core`, ...bootModules], { log });
  const core = await readFile(`${work}/core`);
  if (core.length > mebibyte) throw new Error("core.img is larger than its part of the disk");
  const firstSector = BigInt(starts.bios * sectorsPerMebibyte);
  core.writeBigUInt64LE(firstSector + 1n, 500);
  const boot = await readFile(`${grub}/i386-pc/boot.img`);
  boot.writeBigUInt64LE(firstSector, 0x5c);
  // The drive that the BIOS says it started from.
  boot.writeUInt8(0xff, 0x64);
  await using disk = await open(`${work}/disk`, "r+");
  // The partition table begins after these.
  await disk.write(boot, 0, 440, 0);
  await disk.write(core, 0, core.length, starts.bios * mebibyte);
  await disk.sync();
}

async function put(work: string, part: string, startMiB: number, log: string): Promise<void> {
  const where = [`of=${work}/disk`, "bs=1M", `seek=${startMiB}`];
  await run("dd", [`if=${work}/${part}`, ...where, "conv=sparse,notrunc", "status=none"], { log });
  await rm(`${work}/${part}`);
}
