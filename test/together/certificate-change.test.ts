import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultTlsSettings, type Judgement, type TlsSettings } from "@handrail/protocol";
import { parseSiteAddress } from "../../extension/site/address.ts";
import { isLedOver } from "../../extension/site/hand-over.ts";
import { askJson } from "../../extension/site/https.ts";
import { type Memory, Pins, UntrustedError } from "../../extension/site/trust.ts";
import { Appliance } from "../support/appliance.ts";
import { Authority } from "../support/authority.ts";
import { fingerprintAt } from "../support/customer-client.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Scene } from "../support/scene.ts";
import { accessToken, Admin } from "../support/signed-in.ts";
import { SilentLine } from "../support/silent-line.ts";
import { Visit } from "../support/visit.ts";

let authority: Authority;
let scene: Scene;
let appliance: Appliance;
let admin: Admin;
beforeAll(async () => {
  authority = new Authority();
  scene = await Scene.start();
  appliance = scene.appliance;
  admin = new Admin(appliance);
  await admin.signIn();
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  authority[Symbol.dispose]();
});

const names = ["help.example.org", "127.0.0.1"];

/** Makes the appliance show another certificate of its own; gives the fingerprint. */
async function change(handsOver = true): Promise<string> {
  const before = await fingerprintAt(appliance.port);
  const answer = await admin.write("certificate/own", { names, handsOver });
  expect(answer.text).toBe("{}");
  const after = await fingerprintAt(appliance.port);
  expect(after).not.toBe(before);
  return after;
}

async function proposal(where: "check" | "use", json: object): Promise<Judgement> {
  const answer = await admin.write(`certificate/${where}`, json);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text) as Judgement;
}

/** The memory of one console, and what it does when it meets the site. */
function consoleMemory() {
  const values = new Map<string, unknown>();
  const memory: Memory = {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: (key, value) => Promise.resolve(void values.set(key, value)),
  };
  const site = parseSiteAddress(appliance.url);
  if (!site) throw new Error("no address");
  const pins = new Pins(memory);
  return {
    pin: (fingerprint: string) => pins.pin(site.origin, fingerprint),
    pinned: () => pins.of(site.origin),
    meet: () =>
      askJson(
        site,
        (certificate) => pins.meet(site.origin, certificate, (keys) => isLedOver(site, keys)),
        { method: "GET", path: "/api/site", signal: AbortSignal.timeout(10_000) },
      ),
  };
}

describe("another certificate with another key", () => {
  it("leads a customer over whose line is lost after it, and open links go on", async () => {
    await using line = await SilentLine.start(appliance.port);
    const site = `https://127.0.0.1:${line.port}`;
    await using visit = await Visit.begin({ appliance, desktop: scene.desktop, site });
    await change();
    await visit.window.writeChat("on the open line");
    const { representative } = visit;
    await representative.hears("chat.message", ({ message }) => message.text.includes("open line"));
    expect(representative.closeCode).toBeUndefined();
    await change();
    line.silence();
    await visit.window.writeChat("in between");
    await visit.client.program.line(/link\.away/, 30_000);
    line.restore();
    await visit.client.program.line(/link\.away[^]*link\.welcomed","isResumed":1/, 30_000);
    await representative.hears("chat.message", ({ message }) => message.text === "in between");
  });

  it("leads consoles over that know the former one, over many changes", async () => {
    const console = consoleMemory();
    await console.pin(await fingerprintAt(appliance.port));
    await change();
    const now = await change();
    const answer = await console.meet();
    expect(answer.json["fingerprint"]).toBe(now);
    expect(console.pinned()).toBe(now);
    // From then on it is known by itself.
    expect((await console.meet()).status).toBe(200);
  });

  it("leads nobody over when the former key is known to others", async () => {
    const former = consoleMemory();
    await former.pin(await fingerprintAt(appliance.port));
    await change();
    await change(false);
    await expect(former.meet()).rejects.toThrow(UntrustedError);
    const stranger = consoleMemory();
    await stranger.pin("a".repeat(64));
    await expect(stranger.meet()).rejects.toThrow(UntrustedError);
  });

  it("is there after a restart, and is written down with what was before", async () => {
    const dataDirectory = mkdtempSync(path.join(tmpdir(), "handrail-change-"));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rmSync(dataDirectory, { recursive: true, force: true }));
    const other = stack.use(await Appliance.start({ dataDirectory }));
    await other.setUp();
    const signedIn = new Admin(other);
    await signedIn.signIn();
    const before = await fingerprintAt(other.port);
    await signedIn.write("certificate/own", { names, handsOver: true });
    const after = await fingerprintAt(other.port);
    const { rows } = await signedIn.json<{ rows: { event: string; detail: object }[] }>("audit");
    expect(rows.find(({ event }) => event === "certificate.replaced")?.detail).toMatchObject({
      how: "own",
      fingerprint: after,
      fingerprintBefore: before,
      subject: "help.example.org",
    });
    await other[Symbol.asyncDispose]();
    const again = stack.use(await Appliance.start({ dataDirectory }));
    expect(await fingerprintAt(again.port)).toBe(after);
    expect(readdirSync(dataDirectory)).not.toContain("next-certificate.json");
  });
});

describe("an authority's certificate", () => {
  it("is checked, put in order, and shown for the request that the appliance has made", async () => {
    const made = await admin.write("certificate/request", { names, key: "rsa-2048" });
    const { pem } = JSON.parse(made.text) as { pem: string };
    const view = await admin.json<{ request: { names: string[]; pem: string } }>("certificate");
    expect(view.request).toEqual({ names, pem });
    expect(made.text + JSON.stringify(view)).not.toContain("PRIVATE");
    const signed = authority.sign(pem);
    const stranger = authority.issue({ host: "other.example.org" }).certificate;
    const certificate = [authority.intermediate, stranger, signed].join("");
    const checked = await proposal("check", { certificate });
    expect(checked).toMatchObject({
      ok: true,
      remarks: [
        { reason: "reordered" },
        { reason: "left-out", name: "other.example.org" },
        { reason: "unknown-authority", issuer: "Sample Root" },
        { reason: "requested-key" },
      ],
    });
    await using console = await connectConsole(appliance.url, await accessToken(appliance));
    expect(await proposal("use", { certificate, handsOver: true })).toMatchObject({ ok: true });
    const now = await admin.json<object>("certificate");
    expect(now).toMatchObject({ source: "uploaded", facts: { key: "RSA 2048", names } });
    expect(now).not.toHaveProperty("request");
    await console.call("overview", {});
    expect(console.closeCode).toBeUndefined();
  });

  it("is refused with the reason, and nothing changes", async () => {
    const before = await fingerprintAt(appliance.port);
    const { certificate, key } = authority.issue({ host: "help.example.org" });
    const reasonOf = async (json: object) => {
      const judged = await proposal("use", { handsOver: true, ...json });
      return judged.ok ? "none" : judged.objection.reason;
    };
    expect(await reasonOf({ certificate })).toBe("no-key");
    expect(await reasonOf({ certificate: key })).toBe("no-certificate");
    expect(await reasonOf({ certificate, key })).toBe("missing-link");
    expect(await fingerprintAt(appliance.port)).toBe(before);
  });

  it("is for administrators alone", async () => {
    const answer = await appliance.ask("/login/api/certificate/own", {
      json: { names, handsOver: true },
    });
    expect(answer.status).toBe(401);
  });
});

describe("the command", () => {
  it("asks for a certificate and puts it in, and the running appliance takes it over", async () => {
    const request = await appliance.command("certificate", "csr", "--name", "help.example.org");
    const file = path.join(appliance.dataDirectory, "from-authority.pem");
    writeFileSync(file, [authority.sign(request), authority.intermediate].join(""));
    expect(await appliance.command("certificate", "check", file)).toContain("can be used");
    const before = await fingerprintAt(appliance.port);
    expect(await appliance.command("certificate", "upload", file)).toContain("put here by");
    await poll("it is shown", async () => (await fingerprintAt(appliance.port)) !== before);
    const shown = await appliance.command("certificate", "show");
    const fingerprint = await fingerprintAt(appliance.port);
    expect(shown.replaceAll(":", "").toLowerCase()).toContain(fingerprint);
    expect(await openssl("-tls1_3")).not.toBe("none");
    await appliance.command("certificate", "tls", "--newest", "1.2");
    await poll("1.3 is off", async () => (await openssl("-tls1_3")) === "none");
    await appliance.command("certificate", "tls", "--newest", "1.3");
    await poll("1.3 is on", async () => (await openssl("-tls1_3")) !== "none");
  });
});

/** The version and cipher that Debian's own openssl comes to, or that it comes to none. */
function openssl(...args: string[]): Promise<string> {
  const target = ["-connect", `127.0.0.1:${appliance.port}`];
  return new Promise((resolve) => {
    const child = execFile("openssl", ["s_client", ...target, ...args], (_error, out) => {
      const cipher = /^New, (\S+), Cipher is (\S+)$/m.exec(out)?.[2] ?? "none";
      const version = /^\s+Protocol\s*: (\S+)$/m.exec(out)?.[1] ?? /^New, (\S+?),/m.exec(out)?.[1];
      resolve(cipher === "(NONE)" || cipher === "none" ? "none" : `${version ?? ""} ${cipher}`);
    });
    child.stdin?.end();
  });
}

describe("TLS", () => {
  const old = ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"];
  const change = (settings: TlsSettings) => admin.write("tls", settings, "PATCH");

  it("takes other versions and another order of ciphers at once", async () => {
    expect((await admin.write("certificate/own", { names, handsOver: true })).status).toBe(200);
    await using console = await connectConsole(appliance.url, await accessToken(appliance));
    expect(await openssl(...old)).toBe("none");
    expect(await openssl("-tls1_2")).toBe("TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256");
    expect(await openssl("-tls1_3")).toContain("TLS_AES_256_GCM_SHA384");
    const ciphers = [
      "TLS_AES_128_GCM_SHA256",
      "ECDHE-ECDSA-AES256-GCM-SHA384",
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-AES128-SHA",
    ] as const;
    const wanted: TlsSettings = { oldest: "TLSv1.1", newest: "TLSv1.3", ciphers: [...ciphers] };
    expect((await change(wanted)).status).toBe(200);
    expect(await openssl(...old)).toBe("TLSv1.1 ECDHE-ECDSA-AES128-SHA");
    expect(await openssl("-tls1_2")).toBe("TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384");
    expect(await openssl("-tls1_3")).toContain("TLS_AES_128_GCM_SHA256");
    expect((await change({ ...wanted, newest: "TLSv1.2" })).status).toBe(200);
    expect(await openssl("-tls1_3")).toBe("none");
    await console.call("overview", {});
    expect(console.closeCode).toBeUndefined();
    expect((await change(defaultTlsSettings)).status).toBe(200);
    expect(await openssl(...old)).toBe("none");
  });

  it("is refused settings that leave a version without a cipher", async () => {
    const refused = await change({ ...defaultTlsSettings, oldest: "TLSv1" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("no-cipher-old")]);
    const rsaOnly = defaultTlsSettings.ciphers.filter((name) => !name.includes("ECDSA"));
    const other = await change({ ...defaultTlsSettings, ciphers: rsaOnly });
    expect(other.text).toContain("no-cipher-12");
  });
});
