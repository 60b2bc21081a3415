import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  alternativeNamesOf,
  loadIdentity,
  makeOwnIdentity,
} from "../../../../appliance/server/certificate/identity.ts";

const day = 86_400_000;
const start = Date.UTC(2030, 0, 1);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "handrail-certificate-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the certificate that the appliance makes", () => {
  it("stays as it is until its last 60 days", async () => {
    const first = await loadIdentity(folder, "support.example.org", start);
    const later = await loadIdentity(folder, "other.example.org", start + 764 * day);
    expect(later).toEqual(first);
  });

  it("is then made anew with the same key, which clients pin", async () => {
    const first = await loadIdentity(folder, "support.example.org", start);
    const now = start + 766 * day;
    const renewed = await loadIdentity(folder, "support.example.org", now);
    expect(renewed.publicKeyPin).toBe(first.publicKeyPin);
    expect(renewed.privateKey).toBe(first.privateKey);
    expect(renewed.fingerprint).not.toBe(first.fingerprint);
    expect(renewed.life.validTo).toBe(now + 825 * day);
    const certificate = new X509Certificate(renewed.certificate);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost("support.example.org")).toBeDefined();
    expect(await loadIdentity(folder, "support.example.org", now + day)).toEqual(renewed);
  });

  it("names what it is for as people write it", async () => {
    const names = ["support.example.org", "192.0.2.10", "::1", "2001:db8::10"];
    const { certificate } = await makeOwnIdentity(names, start);
    expect(alternativeNamesOf(new X509Certificate(certificate))).toEqual(names);
  });
});
