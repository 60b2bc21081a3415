import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { artifact } from "../support/artifacts.ts";
import { freePort } from "../support/free-port.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { Monitor } from "./monitor.ts";

/** How a hypervisor shows the machine its disk and its network. */
export interface Hardware {
  readonly firmware: "bios" | "uefi";
  readonly disk: "virtio" | "ahci" | "pvscsi";
  readonly network: "virtio-net-pci" | "e1000" | "vmxnet3";
  /** Who says to have made the machine; QEMU when left out. */
  readonly vendor?: string;
}

/** What QEMU itself has the fastest drivers for. */
export const virtio: Hardware = { firmware: "bios", disk: "virtio", network: "virtio-net-pci" };

/** Longest wait for a machine that is emulated on a busy computer, ms. */
const bootTimeoutMs = 900_000;
const ovmf = "/usr/share/OVMF/OVMF_";

/** A disk that grows out of an image, and is gone with the object; the image stays as it is. */
export class Disk implements Disposable {
  readonly folder: string;
  readonly file: string;

  constructor(image: string) {
    this.folder = mkdtempSync(path.join(tmpdir(), "handrail-machine-"));
    this.file = path.join(this.folder, "disk.qcow2");
    const from = ["-F", "qcow2", "-b", image];
    execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", ...from, this.file]);
  }

  /** Makes the disk larger, as an administrator does in the hypervisor. */
  grow(gigabytes: number): void {
    execFileSync("qemu-img", ["resize", "-q", this.file, `+${gigabytes}G`]);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a machine is started with. */
export interface MachineOptions {
  readonly hardware?: Hardware;
  /** Those of the machine that lead into it. */
  readonly ports?: readonly number[];
  /** In its drive. */
  readonly cd?: Uint8Array;
  /** What it was told is on its disk is there after a power cut too; slower. */
  readonly writesThrough?: boolean;
}

/** A started appliance. It reaches nothing, and only the named ports lead into it, from loopback. */
export class Machine implements AsyncDisposable {
  readonly #program: Program;
  readonly #monitor: Monitor;
  readonly #serial: Socket;
  /** Ports of this computer by those of the machine. */
  readonly #ports: ReadonlyMap<number, number>;
  #console = "";
  /** All of it, also what was forgotten. */
  #serialText = "";

  private constructor(parts: {
    program: Program;
    monitor: Monitor;
    serial: Socket;
    ports: ReadonlyMap<number, number>;
  }) {
    this.#program = parts.program;
    this.#monitor = parts.monitor;
    this.#serial = parts.serial;
    this.#ports = parts.ports;
    this.#serial.setEncoding("utf8").on("data", (text: string) => {
      this.#console += text;
      this.#serialText += text;
    });
    this.#serial.on("error", () => undefined);
  }

  /** Starts a machine, and does not wait for what runs in it. */
  static async start(disk: Disk, options: MachineOptions = {}): Promise<Machine> {
    const { hardware = virtio, ports = [443], cd } = options;
    const forwarded = new Map<number, number>();
    for (const port of ports) forwarded.set(port, await freePort());
    const cache = options.writesThrough ? "writeback" : "unsafe";
    const args = [
      ...argumentsOf(disk, { hardware, cache }, forwarded),
      ...(cd ? drive(disk, cd) : []),
    ];
    const program = new Program("qemu-system-x86_64", { args });
    try {
      const at = (name: string) => path.join(disk.folder, name);
      await program.until("it has its monitor", () => existsSync(at("serial")));
      const monitor = await poll("the monitor", () => Monitor.connect(at("monitor")));
      const serial = connect(at("serial"));
      return new Machine({ program, monitor, serial, ports: forwarded });
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where a port of the machine is reached from here. */
  port(inside: number): number {
    const port = this.#ports.get(inside);
    if (port === undefined) throw new Error(`port ${inside} is not forwarded`);
    return port;
  }

  /** What the serial console has shown so far, without what positions the cursor. */
  get console(): string {
    return stripVTControlCharacters(this.#console).replaceAll("\r", "");
  }

  /** Processor time that the machine has taken, seconds. */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#program.pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const ticksPerSecond = 100;
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  /** Types on the serial console. */
  type(keys: string): void {
    this.#serial.write(keys);
  }

  /** Presses a key of the machine's own keyboard, as QEMU names it. */
  async press(key: string): Promise<void> {
    await this.#monitor.execute("send-key", { keys: [{ type: "qcode", data: key }] });
  }

  /** From now on, `shows` looks only at what comes. */
  forget(): void {
    this.#console = "";
  }

  /** Waits until the serial console has shown something. */
  shows(pattern: RegExp, timeoutMs = bootTimeoutMs): Promise<RegExpExecArray> {
    return this.until(`the console shows ${pattern}`, () => pattern.exec(this.console), timeoutMs);
  }

  /** Waits for a condition while the machine runs. When it does not come, what is known of the machine is kept. */
  async until<T>(
    what: string,
    ask: () => T | Promise<T>,
    timeoutMs = bootTimeoutMs,
  ): ReturnType<typeof poll<T>> {
    try {
      return await this.#program.until(what, ask, timeoutMs);
    } catch (error) {
      await this.#keepTraces().catch(() => undefined);
      throw error;
    }
  }

  /** Keeps what tells why the machine does not go on: its screen, its serial line, its processors twice. */
  async #keepTraces(): Promise<void> {
    const name = `appliance-stuck-${Date.now()}`;
    await writeFile(await artifact(`${name}.txt`), this.#serialText);
    await this.screenshot(name);
    for (const look of ["now", "soon"]) {
      const answer = await this.#monitor.execute("human-monitor-command", {
        "command-line": "info registers -a",
      });
      await writeFile(await artifact(`${name}-${look}.txt`), String(answer));
      await sleep(2_000);
    }
  }

  /** Keeps a picture of the screen for people to look at. */
  async screenshot(name: string): Promise<void> {
    const filename = await artifact(`${name}.png`);
    await this.#monitor.execute("screendump", { filename, format: "png" });
  }

  /** Waits until it has powered itself off. */
  async poweredOff(): Promise<void> {
    await this.#program.ended();
  }

  /** Ends it without a word to anything that runs in it. */
  async cutPower(): Promise<void> {
    this.#program.signal("SIGKILL");
    await this.#program.ended();
  }

  /** The same, where nobody asks what is left on the disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#monitor[Symbol.dispose]();
    this.#serial.destroy();
    await this.#program[Symbol.asyncDispose]();
  }
}

function argumentsOf(
  disk: Disk,
  { hardware, cache }: { hardware: Hardware; cache: "unsafe" | "writeback" },
  ports: ReadonlyMap<number, number>,
): string[] {
  const { firmware, disk: bus, network, vendor } = hardware;
  const at = (name: string) => path.join(disk.folder, name);
  const forwards = [...ports].map(([inside, here]) => `hostfwd=tcp:127.0.0.1:${here}-:${inside}`);
  const drive = `if=none,id=disk,file=${disk.file},cache=${cache},discard=unmap`;
  return [
    ...["-machine", firmware === "uefi" ? "q35" : "pc", "-accel", "tcg,thread=multi"],
    ...["-cpu", "max", "-smp", "2", "-m", "2048", "-display", "none", "-vga", "std", "-no-reboot"],
    ...["-device", "virtio-rng-pci", "-drive", drive, ...buses[bus]],
    ...["-netdev", ["user,id=net,restrict=on", ...forwards].join(",")],
    ...["-device", `${network},netdev=net`],
    ...["-qmp", `unix:${at("monitor")},server=on,wait=off`],
    ...["-serial", `unix:${at("serial")},server=on,wait=off`],
    ...(firmware === "uefi" ? uefi(at("variables.fd")) : []),
    // A comma within a value is written twice.
    ...(vendor ? ["-smbios", `type=1,manufacturer=${vendor.replaceAll(",", ",,")}`] : []),
  ];
}

/** What lies in the machine's drive while it runs. */
function drive(disk: Disk, cd: Uint8Array): string[] {
  const file = path.join(disk.folder, "cd.iso");
  writeFileSync(file, cd);
  const medium = `if=none,id=cd,media=cdrom,readonly=on,format=raw,file=${file}`;
  return ["-drive", medium, "-device", "ide-cd,drive=cd"];
}

const buses: Readonly<Record<Hardware["disk"], readonly string[]>> = {
  virtio: ["-device", "virtio-blk-pci,drive=disk"],
  ahci: ["-device", "ahci,id=ahci", "-device", "ide-hd,drive=disk,bus=ahci.0"],
  pvscsi: ["-device", "pvscsi,id=scsi", "-device", "scsi-hd,drive=disk,bus=scsi.0"],
};

function uefi(variables: string): string[] {
  copyFileSync(`${ovmf}VARS_4M.fd`, variables);
  const flash = "if=pflash,format=raw";
  return [
    ...["-drive", `${flash},readonly=on,file=${ovmf}CODE_4M.fd`],
    ...["-drive", `${flash},file=${variables}`],
  ];
}
