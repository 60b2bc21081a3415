import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defaultTlsSettings } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Ground,
  judge,
  type Proposal,
} from "../../../../appliance/server/certificate/judge.ts";
import { makeOwnIdentity } from "../../../../appliance/server/certificate/identity.ts";
import { asTime, Authority, type Issued } from "../../../support/authority.ts";

const host = "support.example.org";
const day = 86_400_000;

let authority: Authority;
let given: Issued;
let ground: Ground;
let folder: string;
beforeAll(async () => {
  authority = new Authority();
  given = authority.issue({ host });
  const { privateKey } = await makeOwnIdentity([host], Date.now());
  ground = { presentKey: privateKey, host, tls: defaultTlsSettings, now: Date.now() };
  folder = mkdtempSync(path.join(tmpdir(), "handrail-judge-"));
});
afterAll(() => {
  authority[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

function reasonsOf(proposal: Proposal, changed: Partial<Ground> = {}): string | readonly string[] {
  const judged = judge(proposal, { ...ground, ...changed });
  return judged.ok ? judged.remarks.map(({ reason }) => reason) : judged.objection.reason;
}

/** A certificate with its chain and key. */
function whole({ certificate, key }: Issued): Proposal {
  return { certificate: certificate + authority.intermediate, key };
}

describe("a certificate that can be used", () => {
  it("is put in order, whatever stands between and around it", () => {
    const { certificate, key } = given;
    expect(reasonsOf(whole(given))).toEqual(["unknown-authority"]);
    const mixed = ["Bag Attributes\n", authority.intermediate, key, certificate, certificate];
    const judged = judge({ certificate: mixed.join("") }, ground);
    expect(judged).toMatchObject({ ok: true, facts: { subject: host, names: [host] } });
    const pems = judged.ok ? (judged.identity.certificate.match(/BEGIN CERTIFICATE/g) ?? []) : [];
    expect(pems).toHaveLength(2);
    expect(judged.ok && judged.identity.certificate.startsWith(certificate)).toBe(true);
  });

  it("needs no key where the appliance has it", () => {
    const { certificate } = whole(given);
    const requested = reasonsOf({ certificate }, { requestedKey: given.key });
    expect(requested).toEqual(["unknown-authority", "requested-key"]);
    const present = reasonsOf({ certificate }, { presentKey: given.key });
    expect(present).toEqual(["unknown-authority", "present-key"]);
  });

  it("may be nobody's but its own", async () => {
    const own = await makeOwnIdentity([host], ground.now - day);
    const proposal = { certificate: own.certificate, key: own.privateKey };
    expect(reasonsOf(proposal)).toEqual(["self-signed"]);
  });
});

describe("a certificate is refused", () => {
  it("that is none, is cut off or has no key", () => {
    const { certificate, key } = given;
    expect(reasonsOf({ certificate: "" })).toBe("no-certificate");
    expect(reasonsOf({ certificate: key })).toBe("no-certificate");
    expect(reasonsOf({ certificate: certificate.slice(0, 200), key })).toBe(
      "unreadable-certificate",
    );
    const body = certificate.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
    expect(reasonsOf({ certificate: body, key })).toBe("unreadable-certificate");
    expect(reasonsOf({ certificate })).toBe("no-key");
  });

  it("whose key is another's, is protected or is none", () => {
    const { certificate } = given;
    expect(reasonsOf({ certificate, key: authority.issue({ host }).key })).toBe("other-key");
    expect(reasonsOf({ certificate, key: "no key" })).toBe("unreadable-key");
    const file = path.join(folder, "protected.pem");
    execFileSync("openssl", ["genrsa", "-aes128", "-passout", "pass:word", "-out", file, "2048"]);
    expect(reasonsOf({ certificate, key: readFileSync(file, "utf8") })).toBe("encrypted-key");
    const args = ["-traditional", "-aes128", "-passin", "pass:word", "-passout", "pass:word"];
    execFileSync("openssl", ["rsa", ...args, "-in", file, "-out", file], { stdio: "pipe" });
    expect(reasonsOf({ certificate, key: readFileSync(file, "utf8") })).toBe("encrypted-key");
  });

  it("whose time is over or has not come, or that is for another name", () => {
    const from = asTime(Date.now() - 3 * day);
    const over = authority.issue({ host, from, to: asTime(Date.now() - day) });
    expect(reasonsOf(whole(over))).toBe("expired");
    const early = authority.issue({ host, from: asTime(Date.now() + day) });
    expect(reasonsOf(whole(early))).toBe("not-yet");
    expect(reasonsOf(whole(authority.issue({ host: "www.example.org" })))).toBe("other-name");
    expect(reasonsOf(whole(given), { host: undefined })).toEqual(["unknown-authority"]);
  });

  it("that comes without the one that vouches for it", () => {
    const judged = judge(given, ground);
    expect(judged).toMatchObject({
      objection: { reason: "missing-link", name: host, issuer: "Sample Intermediate" },
    });
  });

  it("that no chosen cipher goes with", () => {
    const ciphers = defaultTlsSettings.ciphers.filter((name) => !name.includes("ECDSA"));
    expect(reasonsOf(whole(given), { tls: { ...defaultTlsSettings, ciphers } })).toBe("no-cipher");
  });
});
