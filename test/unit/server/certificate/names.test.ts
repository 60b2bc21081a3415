import { describe, expect, it } from "vitest";
import { makeRequest, requestedNames } from "../../../../appliance/server/certificate/identity.ts";
import { namesShape } from "../../../../appliance/server/certificate/names.ts";
import { hostName } from "../../../../appliance/server/line/host-name.ts";
import { pemBlocks } from "../../../../appliance/server/line/pem.ts";

describe("a name of a certificate", () => {
  it.each([
    ["Support.Example.org", "support.example.org"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["*.example.org", "*.example.org"],
    ["192.0.2.1", "192.0.2.1"],
    ["[2001:DB8::1]", "2001:db8::1"],
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
  ])("%s is asked for as %s", async (typed, name) => {
    expect(hostName(typed)).toBe(name);
    const { request } = await makeRequest(namesShape.parse([typed]), "ecdsa-p256");
    expect(requestedNames(request)).toEqual([name]);
  });

  it.each(["", "a b", "a\r\nHost: b", "a,DNS:b", "a_b", "*.", "1", "0x7f.1", "fe80::1%eth0"])(
    "is not %j",
    (typed) => expect(hostName(typed)).toBeUndefined(),
  );
});

describe("PEM", () => {
  it("has the parts that are whole, whatever stands between them", () => {
    const part = (text: string) => `-----BEGIN A-----\n${text}\n-----END A-----`;
    const blocks = pemBlocks(`x ${part("1")} y -----BEGIN A-----\ncut ${part("2")}`);
    expect(blocks.map(({ text }) => text)).toEqual([part("1"), part("2")]);
  });

  it("is read in one go, however many parts have no end", () => {
    const startedMs = performance.now();
    expect(pemBlocks("-----BEGIN A-----".repeat(50_000))).toEqual([]);
    // With a search through all the rest for each of them it takes minutes.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});
