import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";

let dataDirectory: string;
let appliance: Appliance;
beforeAll(async () => {
  dataDirectory = mkdtempSync(path.join(tmpdir(), "handrail-certificate-"));
  const env = { HANDRAIL_PUBLIC_URL: "https://help.example.org" };
  appliance = await Appliance.start({ dataDirectory, env });
});
afterAll(async () => {
  await appliance[Symbol.asyncDispose]();
  rmSync(dataDirectory, { recursive: true, force: true });
});

async function handshake(to: Appliance, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const common = { host: "127.0.0.1", port: to.port, rejectUnauthorized: false };
  const socket = connect({ ...common, ...options });
  await once(socket, "secureConnect");
  return socket;
}

async function certificateOf(to: Appliance): Promise<X509Certificate> {
  const socket = await handshake(to);
  const certificate = new X509Certificate(socket.getPeerCertificate(true).raw);
  socket.destroy();
  return certificate;
}

describe("the certificate made on the first start", () => {
  it("is for the site's name and this machine, and good for 825 days", async () => {
    const certificate = await certificateOf(appliance);
    expect(certificate.checkHost("help.example.org")).toBeDefined();
    expect(certificate.checkHost("localhost")).toBeDefined();
    expect(certificate.checkIP("127.0.0.1")).toBeDefined();
    expect(certificate.checkHost("evil.example")).toBeUndefined();
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(825);
  });

  it("is taken by whoever trusts it, without exceptions", async () => {
    const certificate = await certificateOf(appliance);
    const trusting = { ca: certificate.toString(), rejectUnauthorized: true };
    const socket = await handshake(appliance, { ...trusting, servername: "help.example.org" });
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it("has the fingerprint that the appliance shows and tells", async () => {
    const certificate = await certificateOf(appliance);
    const fingerprint = createHash("sha256").update(certificate.raw).digest("hex");
    expect(appliance.program.output).toContain(certificate.fingerprint256);
    const site: unknown = JSON.parse((await appliance.ask("/api/site")).text);
    expect(site).toEqual({ name: "Handrail", version: "0.1.0", fingerprint });
  });

  it("refuses old versions of TLS", async () => {
    const old = { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" } as const;
    await expect(handshake(appliance, old)).rejects.toThrow();
    const socket = await handshake(appliance, { maxVersion: "TLSv1.2" });
    expect(socket.getProtocol()).toBe("TLSv1.2");
    socket.destroy();
  });

  it("stays after a restart, and TLS sessions go on", async () => {
    const before = await certificateOf(appliance);
    const first = await handshake(appliance, { maxVersion: "TLSv1.2" });
    const session = first.getSession();
    first.destroy();
    await appliance[Symbol.asyncDispose]();
    appliance = await Appliance.start({ dataDirectory });
    expect((await certificateOf(appliance)).fingerprint256).toBe(before.fingerprint256);
    const second = await handshake(appliance, { maxVersion: "TLSv1.2", session });
    expect(second.isSessionReused()).toBe(true);
    second.destroy();
  });

  it("is another one for another appliance", async () => {
    await using other = await Appliance.start();
    const [ours, theirs] = [await certificateOf(appliance), await certificateOf(other)];
    expect(theirs.fingerprint256).not.toBe(ours.fingerprint256);
  });
});
