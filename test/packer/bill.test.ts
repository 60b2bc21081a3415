import { expect, test } from "vitest";
import { billOfMaterials, type Component } from "../../packer/image/bill.ts";

const about = {
  name: "handrail-appliance",
  version: "1.0.0",
  commit: "0".repeat(40),
  committedAt: Date.UTC(2026, 0, 2),
  node: "24.0.0",
};
const components: Component[] = [
  { kind: "deb", name: "libstdc++6", version: "12.2.0-14+deb12u1", architecture: "amd64" },
  { kind: "npm", name: "@fastify/cookie", version: "11.1.5" },
];

test("a bill of materials names each part as package URLs do", () => {
  const bill = billOfMaterials(about, components) as { components: { purl: string }[] };
  expect(bill.components.map(({ purl }) => purl)).toEqual([
    "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=bookworm",
    "pkg:npm/%40fastify/cookie@11.1.5",
    "pkg:generic/node@24.0.0",
  ]);
});

test("a bill of materials is the same for the same image, and another for another", () => {
  const bill = billOfMaterials(about, components);
  expect(billOfMaterials(about, components)).toEqual(bill);
  expect(bill).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    serialNumber: expect.stringMatching(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
    ) as string,
    metadata: { timestamp: "2026-01-02T00:00:00.000Z" },
  });
  const other = billOfMaterials(about, components.slice(1)) as { serialNumber: string };
  expect(other.serialNumber).not.toBe((bill as { serialNumber: string }).serialNumber);
});
