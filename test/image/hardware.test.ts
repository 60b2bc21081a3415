import { expect, test } from "vitest";
import { image, report } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { diagnosis } from "./menu.ts";
import { siteAnswers } from "./site.ts";

test.each([
  { firmware: "uefi", disk: "ahci", network: "e1000" },
  // Also where VMware is asked for settings, and does not answer.
  { firmware: "bios", disk: "pvscsi", network: "vmxnet3", vendor: "VMware, Inc." },
] as const)("an appliance starts with $firmware, $disk and $network", async (hardware) => {
  using fresh = new Disk(image);
  await using machine = await Machine.start(fresh, { hardware });
  await siteAnswers(machine);
  await report(Object.values(hardware).join(" "), machine);
  expect((await diagnosis(machine)).failed).toBe("");
});
