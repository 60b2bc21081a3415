import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { readMemory } from "../../../../appliance/server/health/memory.ts";
import { readRestart } from "../../../../appliance/server/health/restart.ts";
import {
  parseTracking,
  readTimeKeeping,
} from "../../../../appliance/server/health/time-keeping.ts";

/** A folder with these files in it, in the place of the machine's own root. */
async function machine(files: Readonly<Record<string, string>>) {
  const root = await mkdtemp(path.join(tmpdir(), "handrail-machine-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  const remove = () => rm(root, { recursive: true, force: true });
  return { root, [Symbol.asyncDispose]: remove };
}

it("reads memory and the processes of the appliance alone", async () => {
  await using there = await machine({
    "proc/meminfo": "MemTotal:        2000 kB\nMemFree:  100 kB\nMemAvailable:    1500 kB\n",
    "proc/10/cmdline": "node\0/opt/handrail/current/appliance/server/main.js\0",
    "proc/10/statm": "9999 30 5 1 0 1 0",
    "proc/11/cmdline": "node\0/srv/elsewhere/main.ts\0",
    "proc/11/statm": "9999 70 5 1 0 1 0",
    "proc/12/cmdline": "node\0/opt/handrail/current/appliance/server/handrail.js\0health\0",
    "proc/12/statm": "9999 70 5 1 0 1 0",
  });
  expect(await readMemory(there.root)).toEqual({
    ...{ totalBytes: 2_048_000, availableBytes: 1_536_000 },
    ...{ handrailBytes: 30 * 4096, handrailProcesses: 1 },
  });
});

it("reads memory from its nodes where the service is not shown /proc/meminfo", async () => {
  const node = (free: number) =>
    [`MemTotal: 1000 kB`, `MemFree: ${free} kB`, "Active(file): 20 kB", "Inactive(file): 30 kB"]
      .map((line) => `Node 0 ${line}\n`)
      .join("");
  await using there = await machine({
    "sys/devices/system/node/node0/meminfo": node(100),
    "sys/devices/system/node/node1/meminfo": node(200),
  });
  const { totalBytes, availableBytes } = await readMemory(there.root);
  expect([totalBytes, availableBytes]).toEqual([2000 * 1024, 400 * 1024]);
});

it("asks whoever keeps the time when the clock was last set", async () => {
  await using none = await machine({});
  expect(await readTimeKeeping(none.root)).toEqual({ source: "none", isSynchronised: false });
  await using fresh = await machine({ "run/systemd/timesync/other": "" });
  const unsynchronised = { source: "systemd-timesyncd", isSynchronised: false };
  expect(await readTimeKeeping(fresh.root)).toEqual(unsynchronised);
  await using there = await machine({ "run/systemd/timesync/synchronized": "" });
  const mark = path.join(there.root, "run/systemd/timesync/synchronized");
  await utimes(mark, 1_900_000_000, 1_900_000_000);
  expect(await readTimeKeeping(there.root)).toEqual({
    ...{ source: "systemd-timesyncd", isSynchronised: true },
    lastAt: 1_900_000_000_000,
  });
});

it("understands what chrony says of itself", () => {
  const tracked =
    "A29FC801,162.159.200.1,4,1900000000.125,-0.002500000,0.1,0.2,1.5,0.0,0.1,0.01,0.02,64.2,Normal\n";
  expect(parseTracking(tracked)).toEqual({
    ...{ source: "chrony", isSynchronised: true },
    ...{ offsetMs: -2.5, lastAt: 1_900_000_000_125 },
  });
  const never = "7F7F0101,,10,0.000000000,0.0,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Not synchronised";
  expect(parseTracking(never)).toEqual({ source: "chrony", isSynchronised: false, offsetMs: 0 });
  expect(parseTracking("506 Cannot talk to daemon")).toBeUndefined();
});

it("says that a restart is needed by Debian's mark, and for a newer kernel", async () => {
  const now = Date.now();
  await using well = await machine({});
  expect(await readRestart({ root: well.root, now })).toEqual({ isNeeded: false, packages: [] });
  await using marked = await machine({
    "run/reboot-required": "*** System restart required ***\n",
    "run/reboot-required.pkgs": "libc6\nlibc6\n",
  });
  expect(await readRestart({ root: marked.root, now })).toEqual({
    ...{ isNeeded: true, packages: ["libc6"] },
  });
  await using newer = await machine({ "boot/vmlinuz-6.1.0-1": "", "boot/vmlinuz-6.1.0-2": "" });
  // What was unpacked just now is newer than a machine that has run for a second at least.
  const soon = { root: newer.root, now, kernel: "6.1.0-1" };
  expect(await readRestart(soon)).toEqual({
    ...{ isNeeded: true, packages: ["linux-image-6.1.0-2"] },
  });
});

it("names libraries that were replaced under the running program", async () => {
  await using there = await machine({
    "proc/self/maps": [
      "7f00 r-xp 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)",
      "7f01 r-xp 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)",
      "7f02 r-xp 00000000 08:01 2 /usr/lib/x86_64-linux-gnu/libc.so.6",
      "7f03 rw-s 00000000 00:01 3 /dev/zero (deleted)",
    ].join("\n"),
  });
  const { packages } = await readRestart({ root: there.root, now: Date.now() });
  expect(packages).toEqual(["libssl.so.3"]);
});
