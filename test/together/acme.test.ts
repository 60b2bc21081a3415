import type { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeAnswer, AcmeView } from "@handrail/protocol/upkeep";
import { Appliance } from "../support/appliance.ts";
import { freePort } from "../support/free-port.ts";
import { Pebble } from "../support/pebble.ts";
import { poll } from "../support/poll.ts";
import { Admin } from "../support/signed-in.ts";

const site = "help.example.org";
const blocked = "blocked.example.org";
const externalKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

let appliance: Appliance;
let admin: Admin;
let pebble: Pebble;
let plainPort: number;
beforeAll(async () => {
  plainPort = await freePort();
  appliance = await Appliance.start({
    env: {
      HANDRAIL_PUBLIC_URL: `https://${site}`,
      HANDRAIL_REDIRECT_PORT: String(plainPort),
    },
  });
  await appliance.setUp();
  admin = new Admin(appliance);
  await admin.signIn();
  const ports = { tlsPort: appliance.port, httpPort: plainPort };
  pebble = await Pebble.start({ ...ports, blocked: [blocked] });
});
afterAll(async () => {
  await pebble[Symbol.asyncDispose]();
  await appliance[Symbol.asyncDispose]();
});

/** The certificate that whoever connects is shown. */
function shown(): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const options = { port: appliance.port, host: "127.0.0.1", rejectUnauthorized: false };
    const socket = connect(options, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate) resolve(certificate);
      else reject(new Error("no certificate"));
    });
    socket.once("error", reject);
  });
}

async function set(change: object): Promise<AcmeAnswer> {
  const form = {
    ...{ directory: pebble.directory, authority: pebble.authority, names: [site] },
    ...{ contact: "", proof: "tls-alpn-01", externalKeyId: "", acceptsTerms: true },
    ...change,
  };
  const answer = await admin.write("certificate/acme", form);
  expect(answer.status, answer.text).toBe(200);
  return JSON.parse(answer.text) as AcmeAnswer;
}

const view = () => admin.json<AcmeView>("certificate/acme");

async function ended(after: number): Promise<AcmeView> {
  return poll("the try has ended", async () => {
    const now = await view();
    return !now.isRunning && (now.lastTry?.at ?? 0) > after && now;
  });
}

const events = async () => (await admin.read("audit?limit=20")).text;

describe("a certificate that is got by itself", () => {
  it("comes by a proof over TLS, is shown at once, and is renewed for the same key at first", async () => {
    const before = await shown();
    expect(await set({ acceptsTerms: false })).toMatchObject({ fault: { reason: "terms" } });
    expect(await set({ contact: "ann@example.org" })).toEqual({ ok: true });
    const first = await ended(0);
    expect(first.lastTry?.fault).toBeUndefined();
    const got = await shown();
    expect(got.issuer).toContain("Pebble");
    expect(got.checkHost(site)).toBe(site);
    const lifeMs = Date.parse(got.validTo) - Date.parse(got.validFrom);
    const share = ((first.nextAt ?? 0) - Date.parse(got.validFrom)) / lifeMs;
    expect(share).toBeGreaterThan(0.63);
    expect(share).toBeLessThan(0.67);
    const told = await appliance.command("certificate", "acme", "renew");
    expect(told).toMatch(/Last try .* good/);
    const renewed = await shown();
    expect(renewed.fingerprint256).not.toBe(got.fingerprint256);
    expect(renewed.publicKey.equals(got.publicKey)).toBe(true);
    const { handOvers } = JSON.parse((await appliance.ask("/api/hand-over")).text) as {
      handOvers: { certificate: string }[];
    };
    const former = handOvers.map(({ certificate }) => certificate);
    expect(former.at(-1)).toBe(before.raw.toString("base64"));
    expect(await events()).toMatch(/certificate\.acme-set/);
  });

  it("comes by a proof over HTTP, and the plain port leads everybody else to HTTPS", async () => {
    const before = (await view()).lastTry?.at ?? 0;
    expect(await set({ proof: "http-01" })).toEqual({ ok: true });
    expect((await ended(before)).lastTry?.fault).toBeUndefined();
    for (const where of ["/", "/.well-known/acme-challenge/other"]) {
      expect(await plainStatus(where)).toBe(308);
    }
  });

  it("is refused in clear words, with the directory's own, and what is there stays", async () => {
    const there = (await shown()).fingerprint256;
    const before = (await view()).lastTry?.at ?? 0;
    expect(await set({ names: [site, blocked] })).toEqual({ ok: true });
    const { account, lastTry, nextAt = 0 } = await ended(before);
    expect(lastTry?.fault).toMatchObject({ reason: "rejected-name", type: "rejectedIdentifier" });
    expect(lastTry?.fault?.detail).toContain(blocked);
    expect(account).toMatch(/^https:/);
    const hours = (nextAt - (lastTry?.at ?? 0)) / 3_600_000;
    expect(hours).toBeGreaterThanOrEqual(1);
    expect(hours).toBeLessThanOrEqual(1.1);
    expect((await shown()).fingerprint256).toBe(there);
    expect((await admin.read("certificate")).text).toContain('"source":"acme"');
    await poll("it is told", async () => (await events()).includes("certificate.acme-failed"));
  });

  it("is not taken with settings that cannot lead to one", async () => {
    const reasonOf = async (change: object) => {
      const answer = await set(change);
      return answer.ok ? undefined : answer.fault.reason;
    };
    expect(await reasonOf({ directory: "https://127.0.0.1:9/dir" })).toBe("unreachable");
    expect(await reasonOf({ authority: "" })).toBe("untrusted");
    expect(await reasonOf({ authority: "none" })).toBe("no-authority");
    expect(await reasonOf({ directory: `${pebble.directory}ectory` })).toBe("no-directory");
    expect(await reasonOf({ names: ["192.0.2.1"] })).toBe("no-address");
    expect(await reasonOf({ names: ["help"] })).toBe("no-public-name");
    expect(await reasonOf({ names: ["*.example.org"] })).toBe("no-wildcard");
    expect(await reasonOf({ names: ["other.example.org"] })).toBe("no-site");
    const stranger = new Admin(appliance);
    expect((await stranger.read("certificate/acme")).status).toBe(401);
  });

  it("comes from a directory that knows its customers, once they are named", async () => {
    const closed = { tlsPort: appliance.port, externalKeys: { ours: externalKey } };
    await using known = await Pebble.start(closed);
    const from = { directory: known.directory, authority: known.authority };
    expect(await set(from)).toMatchObject({ fault: { reason: "account-needed" } });
    const before = (await view()).lastTry?.at ?? 0;
    expect(await set({ ...from, externalKeyId: "ours", externalKey })).toEqual({ ok: true });
    const got = await ended(before);
    expect(got.lastTry?.fault).toBeUndefined();
    expect(got.hasExternalKey).toBe(true);
    expect(JSON.stringify(got)).not.toContain(externalKey);
    expect(await events()).not.toContain(externalKey);
  });

  it("fails where the name does not lead to the appliance, and stops when it is told to", async () => {
    await using astray = await Pebble.start({ tlsPort: await freePort() });
    const before = (await view()).lastTry?.at ?? 0;
    const authorityFile = path.join(appliance.dataDirectory, "directory.pem");
    writeFileSync(authorityFile, astray.authority);
    const command = ["certificate", "acme", "set", "--accept-terms"];
    const from = ["--directory", astray.directory, "--authority-file", authorityFile];
    const other = ["--name", site, "--proof", "tls-alpn-01", "--external-key-id", ""];
    const told = appliance.command(...command, ...from, ...other);
    await expect(told).rejects.toThrow(/could not see that help\.example\.org is this appliance/);
    const { lastTry } = await ended(before);
    expect(lastTry?.fault).toMatchObject({ reason: "unproven", about: site });
    expect(lastTry?.fault?.detail).toBeTruthy();
    expect((await admin.write("certificate/acme", undefined, "DELETE")).text).toBe("{}");
    const off = await view();
    expect([off.settings, off.nextAt, off.hasExternalKey]).toEqual([undefined, undefined, false]);
    expect((await admin.write("certificate/acme/try", {})).status).toBe(409);
  });
});

function plainStatus(where: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: plainPort, path: where }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once("error", reject).end();
  });
}
