import { createHash, createPublicKey } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { asTime, Authority, type Issued } from "../support/authority.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";
import { accessToken, cookieOf } from "../support/signed-in.ts";

const host = "support.example.org";
const day = 86_400_000;

let authority: Authority;
let folder: string;
beforeAll(() => {
  authority = new Authority();
  folder = mkdtempSync(path.join(tmpdir(), "handrail-given-"));
});
afterAll(() => {
  authority[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => path.join(folder, name);

/** Puts a certificate and its key where the appliance looks for them. */
function put({ certificate, key }: Issued, chain = [certificate, authority.intermediate]): void {
  writeFileSync(file("chain.pem"), chain.join(""));
  writeFileSync(file("key.pem"), key);
}

function environment(): Record<string, string> {
  return {
    HANDRAIL_PUBLIC_URL: `https://${host}`,
    HANDRAIL_TLS_CERTIFICATE_FILE: file("chain.pem"),
    HANDRAIL_TLS_KEY_FILE: file("key.pem"),
  };
}

async function handshake(to: Appliance, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const trusting = { ca: authority.root, servername: host, rejectUnauthorized: true };
  const socket = connect({ host: "127.0.0.1", port: to.port, ...trusting, ...options });
  await once(socket, "secureConnect");
  return socket;
}

/** How the certificate is known that whoever connects now is shown. */
async function fingerprintOf(appliance: Appliance): Promise<string> {
  const socket = await handshake(appliance);
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  return certificate?.fingerprint256.replaceAll(":", "").toLowerCase() ?? "";
}

function pinOf(key: string): string {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("base64");
}

/** What a start says that is refused. */
async function refusalOf(env: Record<string, string>): Promise<string> {
  const main = path.join(root, "appliance/server/main.ts");
  const data = mkdtempSync(path.join(folder, "data-"));
  const base = { HANDRAIL_ADDRESS: "127.0.0.1", HANDRAIL_PORT: "0", HANDRAIL_DATA_DIRECTORY: data };
  await using program = new Program(path.join(root, "node_modules/.bin/node"), {
    args: [main],
    env: { ...process.env, ...base, ...env },
  });
  expect(await program.ended()).toBe(1);
  return program.output;
}

describe("a certificate that an authority has given", () => {
  it("is what the appliance shows, with its chain, and its key is what starters pin", async () => {
    const given = authority.issue({ host });
    put(given);
    await using appliance = await Appliance.start({ env: environment() });
    const socket = await handshake(appliance);
    expect(socket.authorized).toBe(true);
    socket.destroy();
    const site = JSON.parse((await appliance.ask("/api/site")).text) as { fingerprint: string };
    expect(site.fingerprint).toBe(await fingerprintOf(appliance));
    await appliance.setUp();
    const made = await appliance.command("console-credential", "--representative", "ann");
    expect(JSON.parse(made)).toMatchObject({ fingerprint: site.fingerprint });
    await using console = await connectConsole(appliance.url, await accessToken(appliance));
    const { key } = await console.key();
    const entered = await appliance.ask("/start", { form: `key=${key}` });
    const start = await appliance.ask("/start", { headers: { cookie: cookieOf(entered) } });
    expect(start.text).toContain(`sha256//${pinOf(given.key)}`);
  });

  it("is taken over on SIGHUP when it was renewed, and links go on", async () => {
    const first = authority.issue({ host });
    put(first);
    await using appliance = await Appliance.start({ env: environment() });
    await appliance.setUp();
    await using console = await connectConsole(appliance.url, await accessToken(appliance));
    const before = await fingerprintOf(appliance);
    const renewed = authority.issue({ host, key: first.key });
    put(renewed);
    process.kill(appliance.program.pid, "SIGHUP");
    await appliance.program.line(/"event":"certificate.renewed"/);
    const after = await fingerprintOf(appliance);
    expect(after).not.toBe(before);
    expect(appliance.program.output).not.toContain("certificate.key-changed");
    const site = JSON.parse((await appliance.ask("/api/site")).text) as { fingerprint: string };
    expect(site.fingerprint).toBe(after);
    expect(await console.call("overview", {})).toMatchObject({ sessions: [] });
    // One that cannot be used is refused, and nothing changes.
    put(authority.issue({ host, to: asTime(Date.now() - 3_600_000) }));
    process.kill(appliance.program.pid, "SIGHUP");
    await appliance.program.line(/"event":"certificate.refused".*ended on/);
    expect(await fingerprintOf(appliance)).toBe(after);
    // Another key is worth a word to the operator.
    put(authority.issue({ host }));
    process.kill(appliance.program.pid, "SIGHUP");
    await appliance.program.line(/"event":"certificate.key-changed"/);
    await poll("it is shown", async () => (await fingerprintOf(appliance)) !== after);
    expect(console.closeCode).toBeUndefined();
  });

  it("can be resumed with after a renewal", async () => {
    const first = authority.issue({ host });
    put(first);
    await using appliance = await Appliance.start({ env: environment() });
    const socket = await handshake(appliance, { maxVersion: "TLSv1.2" });
    const session = socket.getSession();
    socket.destroy();
    put(authority.issue({ host, key: first.key }));
    process.kill(appliance.program.pid, "SIGHUP");
    await appliance.program.line(/"event":"certificate.renewed"/);
    const again = await handshake(appliance, { maxVersion: "TLSv1.2", session });
    expect(again.isSessionReused()).toBe(true);
    again.destroy();
  });
});

describe("the start is refused in one sentence", () => {
  const sentence = (variable: string, name: string, remedy: string) =>
    `HANDRAIL_${variable} is "${file(name)}", which cannot be used: ${remedy}`;
  const certificate = (remedy: string) => sentence("TLS_CERTIFICATE_FILE", "chain.pem", remedy);
  const key = (remedy: string) => sentence("TLS_KEY_FILE", "key.pem", remedy);

  it("for a certificate whose time is over or has not come", async () => {
    put(authority.issue({ host, to: asTime(Date.UTC(2025, 0, 31)), from: asTime(0) }));
    expect(await refusalOf(environment())).toContain(
      certificate(`the certificate of ${host} ended on 2025-01-31, put a renewed one there.`),
    );
    const from = Date.now() + 2 * day;
    put(authority.issue({ host, from: asTime(from) }));
    const begins = new Date(from).toISOString().slice(0, 10);
    expect(await refusalOf(environment())).toContain(
      certificate(`the certificate of ${host} begins on ${begins}, set this machine's clock or`),
    );
  });

  it("for a key or a name that is not the certificate's", async () => {
    const given = authority.issue({ host });
    put({ ...given, key: authority.issue({ host }).key });
    expect(await refusalOf(environment())).toContain(
      key("name the key with which the certificate was asked for."),
    );
    put(authority.issue({ host: "www.example.org" }));
    expect(await refusalOf(environment())).toContain(
      certificate(`have one made for ${host}, or correct HANDRAIL_PUBLIC_URL.`),
    );
  });

  it("for a chain in the wrong order, or with a stranger in it", async () => {
    const given = authority.issue({ host });
    const stranger = authority.issue({ host }).certificate;
    const remedy = certificate("put the site's own certificate first and then each authority's");
    for (const chain of [
      [authority.intermediate, given.certificate],
      [given.certificate, authority.root, authority.intermediate],
      [given.certificate, stranger],
    ]) {
      put(given, chain);
      expect(await refusalOf(environment())).toContain(remedy);
    }
  });

  it("for files that are not there, are something else, or come alone", async () => {
    put(authority.issue({ host }));
    rmSync(file("key.pem"));
    expect(await refusalOf(environment())).toContain(
      key("name a file that the appliance can read (ENOENT)."),
    );
    writeFileSync(file("key.pem"), "no key");
    expect(await refusalOf(environment())).toContain(key("name a file with a private key in PEM"));
    writeFileSync(file("chain.pem"), "no certificate");
    expect(await refusalOf(environment())).toContain(certificate("name a file with certificates"));
    const alone = { HANDRAIL_TLS_CERTIFICATE_FILE: file("chain.pem") };
    expect(await refusalOf(alone)).toContain(
      "HANDRAIL_TLS_KEY_FILE is not set, but a certificate and its key go together: " +
        "set both or neither.",
    );
  });
});
