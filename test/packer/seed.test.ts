import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMedium } from "../../appliance/server/seed/medium.ts";
import { ovfProperties } from "../../appliance/server/seed/ovf-environment.ts";
import { parseSeed } from "../../appliance/server/seed/seed.ts";
import { isoImage } from "../../packer/seed/iso.ts";
import { makeSeed } from "../../packer/seed/make.ts";
import { root } from "../support/root.ts";

const sectorBytes = 2048;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-seed-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the disk of a seed is one that drives know by its label, with the settings on it", async () => {
  const settings = path.join(folder, "paris.json");
  writeFileSync(settings, JSON.stringify({ version: 1, timeZone: "Europe/Paris" }));
  const disk = await makeSeed(settings);
  expect(disk).toBe(path.join(folder, "paris.iso"));
  expect(statSync(disk).mode & 0o777).toBe(0o600);
  const known = execFileSync("/sbin/blkid", ["--probe", "--output", "export", disk], {
    encoding: "utf8",
  });
  expect(known).toContain("LABEL=HANDRAIL-SEED\n");
  expect(known).toContain("TYPE=iso9660\n");
  const [file] = filesOf(readFileSync(disk));
  expect(file?.name).toBe("HANDRAIL.JSON;1");
  expect(file?.content).toEqual(readFileSync(settings));
});

test("no disk is made of settings that cannot be used", async () => {
  const settings = path.join(folder, "wrong.json");
  writeFileSync(settings, JSON.stringify({ version: 1, timeZone: "Europe/Atlantis" }));
  await expect(makeSeed(settings)).rejects.toThrow();
  expect(() => statSync(path.join(folder, "wrong.iso"))).toThrow();
});

test("a disk has each of its files whole", () => {
  const files = [
    { name: "b.txt", content: Buffer.alloc(2 * sectorBytes + 1, "b") },
    { name: "a.txt", content: Buffer.alloc(0) },
    { name: "c.txt", content: Buffer.from("c") },
  ];
  const image = isoImage("SOME", files);
  expect(image.length % sectorBytes).toBe(0);
  expect(filesOf(image).map(({ name }) => name)).toEqual(["A.TXT;1", "B.TXT;1", "C.TXT;1"]);
  expect(filesOf(image).map(({ content }) => content.length)).toEqual([0, 2 * sectorBytes + 1, 1]);
  expect(isoImage("SOME", files)).toEqual(image);
});

test("the OVA asks for the properties that an appliance reads", () => {
  const descriptor = readFileSync(path.join(root, "packer/template/handrail.ovf"), "utf8");
  const asked = [...descriptor.matchAll(/<Property ovf:key="(\w+)"/g)].map(([, key]) => key);
  expect(asked).toEqual(ovfProperties);
  expect(descriptor).toContain('<ProductSection ovf:class="handrail">');
  expect(descriptor).toContain('ovf:transport="iso com.vmware.guestInfo"');
  // A CD that a hypervisor makes needs a drive.
  expect(descriptor).toContain("<rasd:ResourceType>15</rasd:ResourceType>");
});

describe("what VMware was told", () => {
  const settings = { version: 1, timeZone: "Europe/Paris" };
  const text = JSON.stringify(settings);
  const environment =
    '<Environment><PropertySection><Property oe:key="handrail.timeZone" oe:value="Europe/Paris"/></PropertySection></Environment>';

  test.each([
    ["all settings in Base64", { "handrail.settings": Buffer.from(text).toString("base64") }],
    ["all settings as they are", { "handrail.settings": text }],
    ["properties of the OVA", { ovfEnv: environment }],
    ["both, of which settings count", { "handrail.settings": text, ovfEnv: "<Environment/>" }],
  ])("is a seed: %s", (_, told) => expect(readMedium(toldByVmware(told))).toEqual(settings));

  test("is none where nothing was entered, or VMware's program fails", () => {
    expect(readdirSync(toldByVmware({}))).toEqual([]);
    expect(readdirSync(toldByVmware({ "handrail.settings": "" }))).toEqual([]);
  });

  test("is refused where it is damaged", () => {
    expect(() => readMedium(toldByVmware({ "handrail.settings": "§ nothing" }))).toThrow(/damaged/);
    expect(() => readMedium(toldByVmware({ ovfEnv: "nothing" }))).toThrow(/damaged/);
  });

  /**
   * What the appliance's program makes of it: a folder. There is no VMware here, so its program is
   * one that knows these values and, as the real one, fails for others (vmware-rpctool, open-vm-tools).
   */
  function toldByVmware(values: Readonly<Record<string, string>>): string {
    const there = mkdtempSync(path.join(folder, "vmware-"));
    const told = path.join(there, "told");
    mkdirSync(told);
    const cases = Object.keys(values).map((name, at) => {
      writeFileSync(path.join(there, String(at)), values[name] ?? "");
      return `"info-get guestinfo.${name}") cat '${there}/${at}' ;;\n`;
    });
    const program = `#!/bin/sh\ncase "$1" in\n${cases.join("")}*) echo "No value found"; exit 1 ;;\nesac\n`;
    writeFileSync(path.join(there, "vmware-rpctool"), program, { mode: 0o755 });
    const env = { ...process.env, PATH: `${there}:${process.env.PATH}` };
    execFileSync(path.join(root, "packer/rootfs/usr/libexec/handrail/guestinfo"), [told], { env });
    return told;
  }
});

test("the guide's example is a seed", () => {
  const guide = readFileSync(path.join(root, "packer/README.md"), "utf8");
  const [, example = ""] = /```json\n([^]*?)```/.exec(guide) ?? [];
  expect(parseSeed(JSON.parse(example))).toMatchObject({ ok: true });
});

/** The files in the root of a disk, as ECMA-119 has them (sections 8.4 and 9.1). */
function filesOf(image: Buffer): { name: string; content: Buffer }[] {
  const volume = image.subarray(16 * sectorBytes);
  const rootAt = volume.readUInt32LE(156 + 2) * sectorBytes;
  const files = [];
  for (let at = rootAt; image.readUInt8(at) > 0; at += image.readUInt8(at)) {
    const name = image.toString("latin1", at + 33, at + 33 + image.readUInt8(at + 32));
    const from = image.readUInt32LE(at + 2) * sectorBytes;
    const content = image.subarray(from, from + image.readUInt32LE(at + 10));
    if ((image.readUInt8(at + 25) & 2) === 0) files.push({ name, content });
  }
  return files;
}
