import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashPassword } from "../../../../appliance/server/auth/password.ts";
import { checkSeed } from "../../../../appliance/server/seed/apply.ts";
import { ovfProperties, settingsOfOvf } from "../../../../appliance/server/seed/ovf-environment.ts";
import { parseSeed } from "../../../../appliance/server/seed/seed.ts";
import { SeedError } from "../../../../appliance/server/seed/seed-error.ts";

const code = "BCDF-2345-GHJK-6789";
const isStatic = (more: object) => ({
  network: { method: "static", addresses: ["192.0.2.10/24"], ...more },
});

test("a seed needs nothing but its version, and is an appliance then", () => {
  expect(parseSeed({ version: 1 })).toEqual({ ok: true, seed: { version: 1, role: "appliance" } });
});

test("a seed may have all there is", async () => {
  const updateKeys = [publicKey("ed25519")];
  const raw = {
    version: 1,
    language: "fr",
    ...isStatic({
      addresses: ["192.0.2.10/24", "2001:db8::10/64"],
      gateways: ["192.0.2.1", "fe80::1"],
      nameServers: ["192.0.2.53"],
    }),
    siteAddress: "support.example.org",
    timeZone: "Europe/Paris",
    ntpServers: ["ntp.example.org", "192.0.2.123"],
    proxy: "http://proxy.example.org:3128",
    administrator: {
      name: "ann",
      displayName: "Ann Archer",
      passwordHash: await hashPassword("correct horse battery staple"),
    },
    updateKeys,
    role: "jumpoint",
  };
  expect(parseSeed(raw)).toEqual({ ok: true, seed: raw });
});

describe("a wrong seed is refused with field, value and remedy", () => {
  test.each<[object, string]>([
    [{ version: 2 }, "version is 2"],
    [{ langage: "fr" }, "langage"],
    [{ language: "de" }, 'language is "de"'],
    [{ network: { method: "pppoe" } }, "network.method"],
    [isStatic({ addresses: ["192.0.2.300/24"] }), 'network.addresses.0 is "192.0.2.300/24"'],
    [isStatic({ addresses: ["192.0.2.10"] }), "network.addresses.0"],
    [isStatic({ addresses: ["192.0.2.10/33"] }), "network.addresses.0"],
    [isStatic({ gateways: ["198.51.100.1"] }), 'network.gateways is "198.51.100.1"'],
    [isStatic({ gateways: ["192.0.2.1", "192.0.2.2"] }), 'network.gateways is "192.0.2.2"'],
    [isStatic({ nameServers: ["dns.example.org"] }), "network.nameServers.0"],
    [{ siteAddress: "https://support.example.org" }, "siteAddress is"],
    [{ siteAddress: "sup port" }, "siteAddress is"],
    [{ timeZone: "Europe/Atlantis" }, "timeZone is"],
    [{ timeZone: "../../etc/shadow" }, "timeZone is"],
    [{ ntpServers: ["a b"] }, "ntpServers.0 is"],
    [{ proxy: "http://ann:secret@proxy.example.org" }, "proxy is"],
    [{ proxy: "ftp://proxy.example.org" }, "proxy is"],
    [{ certificate: "x" }, "certificateKey is missing"],
    [{ certificateKey: "x" }, "certificate is missing"],
    [{ certificate: "x", certificateKey: "x" }, "certificateKey is missing or wrong"],
    [{ certificate: "x", certificateKey: privateKey() }, "certificate is missing or wrong"],
    [{ administrator: { name: "ann" } }, "administrator is"],
    [{ administrator: { setUpCode: "1234" } }, "administrator.setUpCode is missing or wrong"],
    [{ administrator: { setUpCode: code, name: "ann" } }, "administrator is"],
    [
      { administrator: { name: "a", displayName: "A", passwordHash: "$2b$10$abc" } },
      "administrator.passwordHash is missing or wrong",
    ],
    [{ updateKeys: [publicKey("x25519")] }, "updateKeys.0 is missing or wrong"],
    [{ role: "server" }, 'role is "server"'],
  ])("%j", (raw, said) => {
    const { told } = refusal({ version: 1, ...raw });
    expect(told.en).toContain(said);
    expect(told.en).toMatch(/: [^:].+\.$/);
    expect(told.fr).toMatch(/ : .+\.$/);
  });

  test.each([null, [], "x", 1])("%j", (raw) => {
    expect(refusal(raw).told.en).toContain("write a JSON object");
  });

  test("and none of its secrets, nor anything that a terminal obeys", () => {
    const secret = "s3cret".repeat(5);
    expect(
      refusal({ version: 1, administrator: { setUpCode: `${secret}!` } }).message,
    ).not.toContain(secret);
    expect(refusal({ version: 1, language: "\u001b[2J\u202e" }).message).toMatch(/^[ -~]+$/);
  });
});

describe("an OVF environment", () => {
  const environment = (properties: Readonly<Record<string, string>>) =>
    `<?xml version="1.0"?><Environment xmlns:oe="http://schemas.dmtf.org/ovf/environment/1"><PropertySection>${Object.entries(
      properties,
    )
      .map(([key, value]) => `<Property oe:key="${key}" oe:value="${value}"/>`)
      .join("\n")}</PropertySection></Environment>`;

  test("carries a seed", () => {
    const xml = environment({
      "handrail.addresses": "192.0.2.10/24 2001:db8::10/64",
      "handrail.gateways": "192.0.2.1",
      "handrail.siteAddress": "support&#46;example.org",
      "handrail.setUpCode": code,
      "handrail.proxy": "",
      "other.role": "jumpoint",
    });
    const said = settingsOfOvf(xml);
    expect(parseSeed(said).ok).toBe(true);
    expect(said).toEqual({
      version: 1,
      ...isStatic({ addresses: ["192.0.2.10/24", "2001:db8::10/64"], gateways: ["192.0.2.1"] }),
      siteAddress: "support.example.org",
      administrator: { setUpCode: code },
    });
  });

  test("may have all of it in one property", () => {
    const seed = { version: 1, role: "jumpoint" };
    const settings = Buffer.from(JSON.stringify(seed)).toString("base64");
    expect(settingsOfOvf(environment({ "handrail.settings": settings }))).toEqual(seed);
    expect(() => settingsOfOvf(environment({ "handrail.settings": "?" }))).toThrow(SeedError);
  });

  test("in which nobody has entered anything is no seed", () => {
    const empty = Object.fromEntries(ovfProperties.map((name) => [`handrail.${name}`, ""]));
    expect(settingsOfOvf(environment(empty))).toBeUndefined();
    expect(() => settingsOfOvf("half a fi")).toThrow(SeedError);
  });
});

function refusal(raw: unknown): SeedError {
  try {
    checkSeed(raw, Date.now());
  } catch (error) {
    if (error instanceof SeedError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

function publicKey(kind: "ed25519" | "x25519"): string {
  // Node's types have an overload for each kind, and none for both.
  const { publicKey: made } =
    kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  return made.export({ type: "spki", format: "pem" }).toString();
}

function privateKey(): string {
  const { privateKey: made } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return made.export({ type: "pkcs8", format: "pem" }).toString();
}
