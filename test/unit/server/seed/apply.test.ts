import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashPassword, isPassword } from "../../../../appliance/server/auth/password.ts";
import { SetUpCode } from "../../../../appliance/server/auth/set-up.ts";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { applySeed } from "../../../../appliance/server/seed/apply.ts";
import { type SeedPlaces, stateFiles } from "../../../../appliance/server/seed/places.ts";
import { SeedError } from "../../../../appliance/server/seed/seed-error.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { Representatives } from "../../../../appliance/server/store/representatives.ts";
import { Authority } from "../../../support/authority.ts";
import { root } from "../../../support/root.ts";

const password = "correct horse battery staple";
const code = "BCDF-2345-GHJK-6789";

let folder: string;
let places: SeedPlaces;
let env: NodeJS.ProcessEnv;
const at = (...names: string[]) => path.join(folder, ...names);
const apply = (medium?: string) => applySeed(medium, { places, env, clock: systemClock });

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-seed-"));
  places = { root: at("root"), state: at("opt/seed"), data: at("data") };
  for (const each of ["root/usr/share/zoneinfo/Europe", "root/etc", "opt", "data/config", "cd"]) {
    mkdirSync(at(each), { recursive: true });
  }
  writeFileSync(at("root/usr/share/zoneinfo/Europe/Paris"), "");
  const settings = at("data/config/server.json");
  writeFileSync(settings, JSON.stringify({ dataDirectory: places.data }));
  env = { HANDRAIL_CONFIG: settings, PATH: process.env.PATH ?? "" };
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a seed sets machine and site up, once", async () => {
  using authority = new Authority();
  const { certificate, key } = authority.issue({ host: "support.example.org" });
  write({
    language: "fr",
    network: {
      method: "static",
      addresses: ["192.0.2.10/24", "2001:db8::10/64"],
      gateways: ["192.0.2.1"],
      nameServers: ["192.0.2.53"],
    },
    siteAddress: "support.example.org",
    timeZone: "Europe/Paris",
    ntpServers: ["ntp.example.org"],
    proxy: "http://proxy.example.org:3128",
    certificate: certificate + authority.intermediate,
    certificateKey: key,
    administrator: {
      name: "ann",
      displayName: "Ann Archer",
      passwordHash: await hashPassword(password),
    },
  });
  expect(await apply(at("cd"))).toBe("applied");

  const read = (...names: string[]) => readFileSync(at(...names), "utf8");
  expect(read("root/etc/handrail/language")).toBe("fr\n");
  expect(read("root/etc/systemd/network/10-handrail.network")).toBe(
    [
      "[Match]\nType=ether\n\n[Network]\nGateway=192.0.2.1\nDNS=192.0.2.53\n",
      "[Address]\nAddress=192.0.2.10/24\nDuplicateAddressDetection=both\n",
      "[Address]\nAddress=2001:db8::10/64\nDuplicateAddressDetection=both\n",
    ].join("\n"),
  );
  expect(read("root/etc/systemd/timesyncd.conf.d/handrail.conf")).toContain("NTP=ntp.example.org");
  expect(read("root/etc/apt/apt.conf.d/53handrail-proxy")).toContain("proxy.example.org:3128");
  expect(readlinkSync(at("root/etc/localtime"))).toBe("/usr/share/zoneinfo/Europe/Paris");
  expect(JSON.parse(read("data/config/server.json"))).toMatchObject({
    publicUrl: "https://support.example.org",
  });
  expect(read("data/certificate.pem")).toContain("BEGIN CERTIFICATE");
  expect(statSync(at("data/private-key.pem")).mode & 0o777).toBe(0o600);
  const ann = await administrator();
  expect(ann?.role).toBe("administrator");
  expect(await isPassword(password, ann?.passwordHash)).toBe(true);

  // What is left tells what was in it, and none of it.
  expect(readdirSync(places.state)).toEqual(["applied.json"]);
  expect(read("opt/seed/applied.json")).not.toContain("argon2");
});

test("a set-up code of the administrator's choosing is the one that is good", async () => {
  write({ administrator: { setUpCode: code } });
  await apply(at("cd"));
  using store = openStore(at("data/handrail.sqlite"));
  const setUp = new SetUpCode(applianceValues(store), places.data);
  expect(setUp.isRight(code.toLowerCase())).toBe(true);
  expect(readFileSync(setUp.file, "utf8")).toBe(`${code}\n`);
});

test("a set-up code is shown as it may be typed, however it was written", async () => {
  write({ administrator: { setUpCode: " bcdf 2345  ghjk-6789 " } });
  await apply(at("cd"));
  expect(readFileSync(at("data/set-up-code"), "utf8")).toBe(`${code}\n`);
});

test.each([
  ["a proxy with a password", { proxy: "http://ann:secret@proxy.example.org" }],
  ["an administrator who is a text", { administrator: "ann secret" }],
  ["a name that is none of a seed's", { passwordHash: "secret" }],
  ["one that only begins as another", { roles: "secret" }],
  ["an address with a password", { siteAddress: "https://ann:secret@support.example.org" }],
])("%s is not shown on the console", async (_what, seed) => {
  write(seed);
  await expect(apply(at("cd"))).rejects.toThrow(/is missing or wrong/);
  expect(readFileSync(stateFiles(places).refused.en, "utf8")).not.toContain("secret");
});

test("the name of a field has no marks that a console obeys", async () => {
  write({ ["\u001b[2J" + "x".repeat(100)]: 1 });
  await expect(apply(at("cd"))).rejects.toThrow(/changed\. \?\[2Jx{50,60}… is missing or wrong/);
});

test("a seed that is a text is not shown on the console", async () => {
  writeFileSync(at("cd/handrail.json"), '"secret"');
  await expect(apply(at("cd"))).rejects.toThrow(/handrail\.json is missing or wrong/);
  expect(readFileSync(stateFiles(places).refused.fr, "utf8")).not.toContain("secret");
});

test("of a wrong or damaged seed nothing is applied, and the console is told", async () => {
  write({ language: "fr", timeZone: "Europe/Berlin" });
  // Node knows the zone; this machine does not.
  await expect(apply(at("cd"))).rejects.toThrow(/timeZone is "Europe\/Berlin"/);
  writeFileSync(at("cd/handrail.json"), '{"version": 1, "lang');
  await expect(apply(at("cd"))).rejects.toThrow(/handrail\.json is damaged/);
  expect(readFileSync(stateFiles(places).refused.fr, "utf8")).toContain("abîmé");
  expect(readdirSync(at("root/etc"))).toEqual([]);
  expect(readdirSync(places.data)).toEqual(["config"]);

  write({ language: "fr", timeZone: "Europe/Paris" });
  expect(await apply(at("cd"))).toBe("applied");
  expect(existsSync(stateFiles(places).refused.fr)).toBe(false);
});

test("a seed that was cut short is finished without its medium", async () => {
  write({ role: "jumpoint", administrator: { setUpCode: code } });
  // A folder where a file is to be: the machine's part fails after the site's was written.
  mkdirSync(at("root/etc/handrail/jumpoint"), { recursive: true });
  await expect(apply(at("cd"))).rejects.not.toBeInstanceOf(SeedError);
  expect(statSync(stateFiles(places).accepted).mode & 0o777).toBe(0o600);

  rmSync(at("root/etc/handrail/jumpoint"), { recursive: true });
  rmSync(at("cd/handrail.json"));
  expect(await apply()).toBe("applied");
  expect(statSync(at("root/etc/handrail/jumpoint")).isFile()).toBe(true);
});

test("no seed takes an appliance over that was set up", async () => {
  {
    using store = openStore(at("data/handrail.sqlite"));
    const bob = {
      name: "bob",
      displayName: "Bob",
      role: "administrator",
      passwordHash: "",
    } as const;
    new Representatives(store).add(bob, 0);
  }
  write({ language: "fr", administrator: { setUpCode: code } });
  await expect(apply(at("cd"))).rejects.toThrow(/set up already/);
  expect(readdirSync(at("root/etc"))).toEqual([]);
  expect(existsSync(stateFiles(places).accepted)).toBe(false);
});

test("a medium without a seed is none", async () => {
  expect(await apply(at("cd"))).toBe("nothing");
});

test("a factory reset leaves nothing of what a seed and the site have written", async () => {
  // The image's own folders, under another root.
  places = { root: folder, state: at("opt/handrail/seed"), data: at("var/lib/handrail") };
  for (const each of ["etc", "opt/handrail/update", "var/lib/handrail/lost+found"]) {
    mkdirSync(at(each), { recursive: true });
  }
  mkdirSync(at("usr/share/zoneinfo/Europe"), { recursive: true });
  writeFileSync(at("usr/share/zoneinfo/Europe/Paris"), "");
  const server = at("var/lib/handrail/server.json");
  writeFileSync(server, JSON.stringify({ dataDirectory: places.data }));
  env = { ...env, HANDRAIL_CONFIG: server };
  write({
    language: "fr",
    network: { method: "static", addresses: ["192.0.2.10/24"] },
    ntpServers: ["ntp.example.org"],
    proxy: "http://proxy.example.org:3128",
    role: "jumpoint",
    timeZone: "Europe/Paris",
    updateKeys: [generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" })],
  });
  const before = filesIn(at("etc"));
  await apply(at("cd"));
  expect(filesIn(at("etc")).length).toBe(before.length + 7);

  const reset = () =>
    execFileSync(path.join(root, "packer/rootfs/usr/libexec/handrail/reset"), [folder]);
  reset();
  // Nobody has asked for it.
  expect(existsSync(at("var/lib/handrail/handrail.sqlite"))).toBe(true);
  writeFileSync(at("opt/handrail/factory-reset"), "");
  reset();
  expect(readdirSync(places.data)).toEqual(["lost+found"]);
  expect(filesIn(at("etc"))).toEqual(["hostname", "localtime"]);
  expect(readlinkSync(at("etc/localtime"))).toBe("/usr/share/zoneinfo/Etc/UTC");
  // A machine can write VMware's parameters itself: what ran here shall not seed what comes after.
  expect(readdirSync(at("opt/handrail"))).toEqual(["was-reset"]);
});

/** Files and links, with their folders. */
function filesIn(place: string): string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(place, path.join(entry.parentPath, entry.name)));
}

function write(seed: object): void {
  writeFileSync(at("cd/handrail.json"), JSON.stringify({ version: 1, ...seed }));
}

async function administrator() {
  using store = openStore(at("data/handrail.sqlite"));
  const representatives = new Representatives(store);
  const found = await representatives.findByName("ann");
  return found && { ...found, passwordHash: await representatives.passwordHash(found.id) };
}
