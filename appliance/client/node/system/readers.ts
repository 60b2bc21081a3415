/** What is read of each category: by `systeminformation`, and by the system's own programs. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import * as si from "systeminformation";
import { bootedAt, processStart } from "./process-start.ts";
import { readErrors, readServices, readSoftware } from "./linux.ts";
import { listOf, percent, type Readers, reportOf, timeOf } from "./report.ts";

/** Loads are means over this time. */
const sampleMs = 500;
const firstPersonId = 1000;
const nobodyId = 65_534;

/** A reader for every category, on Linux. */
export const readers: Readers = {
  computer: readComputer,
  processor: readProcessor,
  memory: readMemory,
  disks: readDisks,
  network: readNetwork,
  users: readUsers,
  processes: readProcesses,
  services: readServices,
  software: readSoftware,
  errors: readErrors,
};

async function readComputer() {
  const [system, bios, os] = await Promise.all([si.system(), si.bios(), si.osInfo()]);
  const { uptime, timezoneName } = si.time();
  // To the minute, so that two readings of one start are the same.
  const startedAt = Math.round((Date.now() - uptime * 1000) / 60_000) * 60_000;
  return reportOf({
    name: os.hostname,
    system: `${os.distro} ${os.release}`,
    codeName: os.codename,
    kernel: os.kernel,
    architecture: os.arch,
    manufacturer: system.manufacturer,
    model: system.model,
    serialNumber: system.serial,
    virtual: system.virtual,
    firmware: `${bios.vendor} ${bios.version}`.trim(),
    firmwareDate: bios.releaseDate,
    timeZone: timezoneName,
    startedAt,
  });
}

async function readProcessor() {
  const cpu = await si.cpu();
  await si.currentLoad();
  await sleep(sampleMs);
  const load = await si.currentLoad();
  return reportOf(
    {
      name: cpu.brand,
      manufacturer: cpu.manufacturer,
      cores: cpu.cores,
      physicalCores: cpu.physicalCores,
      speedMhz: cpu.speed > 0 ? Math.round(cpu.speed * 1000) : undefined,
      loadPercent: percent(load.currentLoad),
      loadAverage: load.avgLoad,
    },
    [
      listOf(
        "cores",
        load.cpus.map((core, index) => ({ core: index + 1, loadPercent: percent(core.load) })),
      ),
    ],
  );
}

async function readMemory() {
  const [memory, layout] = await Promise.all([si.mem(), si.memLayout()]);
  const usedBytes = memory.total - memory.available;
  return reportOf(
    {
      totalBytes: memory.total,
      usedBytes,
      availableBytes: memory.available,
      usedPercent: percent((usedBytes / memory.total) * 100),
      swapTotalBytes: memory.swaptotal,
      swapUsedBytes: memory.swapused,
    },
    [
      listOf(
        "modules",
        layout.map(({ bank, size, type, clockSpeed, manufacturer }) => ({
          slot: bank,
          sizeBytes: size,
          kind: type,
          speedMhz: clockSpeed || undefined,
          manufacturer,
        })),
      ),
    ],
  );
}

async function readDisks() {
  const [fileSystems, drives] = await Promise.all([si.fsSize(), si.diskLayout()]);
  return reportOf({}, [
    listOf(
      "fileSystems",
      fileSystems.map(({ mount, fs, type, size, used, available, use }) => ({
        ...{ mount, device: fs, kind: type, sizeBytes: size, usedBytes: used },
        ...{ availableBytes: available, usedPercent: percent(use) },
      })),
    ),
    listOf(
      "drives",
      drives.map(({ device, name, type, size, interfaceType, smartStatus }) => ({
        ...{ device, name, kind: type, sizeBytes: size, connection: interfaceType },
        health: smartStatus === "unknown" ? undefined : smartStatus,
      })),
    ),
  ]);
}

async function readNetwork() {
  const [found, gateway, names] = await Promise.all([
    si.networkInterfaces(),
    si.networkGatewayDefault(),
    nameServers(),
  ]);
  const interfaces = Array.isArray(found) ? found : [found];
  return reportOf({ gateway, nameServers: names.join(", ") }, [
    listOf(
      "interfaces",
      interfaces.map((each) => ({
        name: each.iface,
        state: each.operstate,
        kind: each.type,
        ip4: each.ip4,
        ip6: each.ip6,
        hardwareAddress: each.mac,
        speedMbitPerSecond: each.speed ?? undefined,
      })),
    ),
  ]);
}

async function nameServers(): Promise<string[]> {
  const lines = await readFile("/etc/resolv.conf", "utf8");
  return [...lines.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address ?? "");
}

async function readUsers() {
  const [signedIn, accounts] = await Promise.all([si.users(), readFile("/etc/passwd", "utf8")]);
  return reportOf({}, [
    listOf(
      "signedIn",
      signedIn.map(({ user, tty, ip, date, time }) => ({
        ...{ user, terminal: tty, address: ip, signedInAt: timeOf(`${date} ${time}`) },
      })),
    ),
    listOf("accounts", peopleOf(accounts)),
  ]);
}

/** Accounts of people and of root, not those of services. */
function peopleOf(accounts: string) {
  return accounts
    .split("\n")
    .map((line) => line.split(":"))
    .filter(([, , id]) => id === "0" || isPerson(Number(id)))
    .map(([user, , id, , fullName, , shell]) => ({
      ...{ user, userId: Number(id), fullName: fullName?.split(",")[0], shell },
    }));
}

function isPerson(id: number): boolean {
  return id >= firstPersonId && id < nobodyId;
}

/** Names and never command lines: those may hold passwords. */
async function readProcesses() {
  await si.processes();
  await sleep(sampleMs);
  const { all, running, blocked, list } = await si.processes();
  const booted = bootedAt();
  const sorted = list.toSorted((a, b) => b.cpu - a.cpu || b.memRss - a.memRss);
  return reportOf({ all, running, blocked }, [
    listOf(
      "processes",
      sorted.map((each) => ({
        processId: each.pid,
        name: each.name,
        user: each.user,
        loadPercent: percent(each.cpu),
        memoryBytes: each.memRss * 1024,
        state: each.state,
        startedAt: processStart(each.pid, booted)?.startedAt,
      })),
    ),
  ]);
}
