import { afterAll, beforeAll, expect, test } from "vitest";
import { image, report } from "./image.ts";
import { Disk, type Hardware, Machine } from "./machine.ts";
import { diagnosis } from "./menu.ts";
import { Keys } from "./seeded.ts";
import { Site } from "./site.ts";

const ports = [443, 22];

let keys: Keys;
beforeAll(() => {
  keys = new Keys();
});
afterAll(() => keys[Symbol.dispose]());

test("an appliance starts with UEFI, AHCI and E1000", async () => {
  expect(await seedsLog({ firmware: "uefi", disk: "ahci", network: "e1000" })).not.toContain(
    "VMware",
  );
});

test("it starts with BIOS, pvscsi and VMXNET3, also where VMware is asked and does not answer", async () => {
  const vendor = "VMware, Inc.";
  const hardware = { firmware: "bios", disk: "pvscsi", network: "vmxnet3", vendor } as const;
  expect(await seedsLog(hardware)).toContain("[INFO] ask VMware");
});

/** Starts an appliance in which no service fails; gives what its first start wrote of a seed. */
async function seedsLog(hardware: Hardware): Promise<string> {
  using fresh = new Disk(image);
  await using machine = await Machine.start(fresh, { hardware, ports });
  using site = new Site(machine, keys.sshFile);
  await site.answers();
  await report(Object.values(hardware).join(" "), machine);
  expect((await diagnosis(machine)).failed).toBe("");
  await site.letIn(await site.setUp(), keys.sshPublicKey);
  return await site.shell("journalctl --boot --output cat --unit handrail-seed");
}
