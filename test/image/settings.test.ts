import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import type { MachineState } from "@handrail/protocol/upkeep";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { administrator } from "../support/appliance.ts";
import { Admin } from "../support/signed-in.ts";
import { image, note } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import {
  diagnosis,
  givesPassword,
  reachesPort,
  refusesAddress,
  showDiagnosis,
  takesAddress,
  takesName,
  takesProxy,
  takesTime,
} from "./menu.ts";
import { Site, speaks } from "./site.ts";

/** Of what nobody uses, MB: all processes of Handrail, and the system with them. */
const idle = { handrail: 150, system: 350 } as const;

let stack: AsyncDisposableStack;
let folder: string;
let machine: Machine;
let site: Site;
let admin: Admin;
let publicKey: string;
beforeAll(async () => {
  await using owned = new AsyncDisposableStack();
  folder = mkdtempSync(path.join(tmpdir(), "handrail-settings-"));
  owned.defer(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["key", "other"]) {
    const file = path.join(folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ann", "-f", file]);
  }
  publicKey = readFileSync(path.join(folder, "key.pub"), "utf8").trim();
  machine = owned.use(await Machine.start(owned.use(new Disk(image)), { ports: [443, 22] }));
  site = owned.use(new Site(machine, path.join(folder, "key")));
  admin = await site.setUp();
  stack = owned.move();
});
afterAll(() => stack[Symbol.asyncDispose]());

async function state(): Promise<MachineState> {
  return (await admin.json<{ state: MachineState }>("machine")).state;
}

async function set(what: string, settings: object): Promise<void> {
  const answer = await admin.write(`machine/${what}`, settings, "PATCH");
  expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: "{}" });
}

/** The newest rows of the audit log that the machine's settings have written, oldest first. */
async function audited(): Promise<string[]> {
  const { rows } = await admin.json<{ rows: { event: string }[] }>("audit");
  return rows
    .map(({ event }) => event)
    .filter((event) => event.startsWith("machine."))
    .toReversed();
}

describe("the machine's settings", () => {
  test("are set at /login, and are the machine's", async () => {
    await set("time", { zone: "Europe/Paris", ntpServers: ["10.0.2.2"] });
    await set("proxy", { address: "http://10.0.2.2:3128" });
    await set("host-name", { hostName: "help" });
    expect(await state()).toMatchObject({
      hostName: "help",
      time: { zone: "Europe/Paris", ntpServers: ["10.0.2.2"] },
      proxy: { address: "http://10.0.2.2:3128" },
    });
    await machine.shows(/Handrail appliance \S+ +help\n/, 60_000);
    const refused = await admin.write("machine/host-name", { hostName: "a b_c" }, "PATCH");
    expect(JSON.parse(refused.text)).toMatchObject({ field: "machine-bad-host-name" });
    expect(await audited()).toEqual([
      "machine.time-set",
      "machine.proxy-set",
      "machine.host-name-set",
      "machine.host-name-set",
      "machine.not-set",
    ]);
  });

  test("let the holder of one key in, who sees that they hold, and nobody afterwards", async () => {
    expect(await speaks(machine, 22)).toBe(false);
    const strange = { authorisedKey: publicKey, password: "something else" };
    expect((await admin.write("machine/ssh", strange, "PATCH")).status).toBe(401);
    await site.letIn(admin, publicKey);
    expect(await site.shell("id -un")).toBe("root\n");
    const sshd = await site.shell("sshd -T");
    for (const rule of ["passwordauthentication no", "permitrootlogin without-password"]) {
      expect(sshd).toContain(rule);
    }
    await expect(site.shell("id", path.join(folder, "other"))).rejects.toThrow("ssh");
    expect(await site.shell("date +%Z; hostname")).toBe("CET\nhelp\n");
    expect(await site.shell("apt-config dump Acquire::http::Proxy")).toContain("10.0.2.2:3128");
    expect(await site.shell("timedatectl show-timesync --property SystemNTPServers")).toMatch(
      /10\.0\.2\.2/,
    );
    expect(await site.shell("systemctl --failed --plain --no-legend")).toBe("");
    const limits = "cat /proc/$(systemctl show --property MainPID --value handrail-server)/limits";
    expect(await site.shell(limits)).toMatch(/^Max core file size +0 +0 /m);
    expect(await site.shell("nft list chain inet handrail input")).toContain("policy drop");
    expect(await site.command("network", "show")).toContain("10.0.2.15/24");
    await set("ssh", { authorisedKey: "" });
    expect(await speaks(machine, 22)).toBe(false);
  });

  test("are refused where another machine has the address", async () => {
    const network = { method: "static", addresses: ["10.0.2.2/24"], gateways: [], nameServers: [] };
    const answer = await admin.write("machine/network", network, "PATCH");
    expect(JSON.parse(answer.text)).toMatchObject({ field: "machine-address-taken" });
    expect((await state()).network.settings).toEqual({ method: "dhcp" });
  });

  test("return by themselves when nobody can reach the machine any more", async () => {
    const network = {
      method: "static",
      addresses: ["10.0.2.77/24"],
      gateways: ["10.0.2.99"],
      nameServers: ["10.0.2.3"],
    };
    // Its answer cannot come.
    void admin.write("machine/network", network, "PATCH").catch(() => undefined);
    await machine.until("nobody reaches it", async () => !(await site.facts()));
    await machine.shows(/Web address +https:\/\/10\.0\.2\.77\n/, 60_000);
    await site.answers();
    expect((await state()).network.settings).toEqual({ method: "dhcp" });
    await machine.until("it is in the audit log", async () =>
      (await audited()).includes("machine.network-undone"),
    );
  });

  test("are set at the console too", async () => {
    await refusesAddress(machine);
    await takesAddress(machine);
    await site.answers();
    await takesTime(machine, "America/New_York", "ntp.example.org");
    await takesProxy(machine, "none");
    await machine.screenshot("appliance-console-menu");
    expect(await state()).toMatchObject({
      network: { settings: { method: "static", addresses: ["10.0.2.15/24"] } },
      time: { zone: "America/New_York", ntpServers: ["ntp.example.org"] },
      proxy: { address: "" },
    });
    await takesName(machine);
    await site.answers();
    await reachesPort(machine, "[::1]", 443);
    await showDiagnosis(machine);
    expect((await diagnosis(machine)).failed).toBe("");
  });
});

describe("an administrator who has lost the password", () => {
  test("is given one for one sign-in at the console", async () => {
    const password = await givesPassword(machine, administrator.name);
    const again = new Admin(site);
    expect((await again.signIn(administrator.name, password)).status).toBe(200);
    expect((await again.signIn(administrator.name, password)).status).toBe(401);
    const { rows } = await admin.json<{ rows: { event: string }[] }>("audit");
    expect(rows.map(({ event }) => event)).toContain("one-time-password.made");
  });
});

describe("whoever helps the administrator", () => {
  test("is given a bundle with the machine's journal, and without a secret", async () => {
    const answer = await admin.read("support-bundle");
    expect(answer.status).toBe(200);
    const file = path.join(folder, "bundle.tar.gz");
    writeFileSync(file, answer.bytes);
    const names = execFileSync("tar", ["-tzf", file], { encoding: "utf8" });
    for (const name of ["journal.jsonl", "machine.json", "units.txt"])
      expect(names).toContain(name);
    const text = execFileSync("tar", ["-xOzf", file], { encoding: "utf8", maxBuffer: 1 << 26 });
    const [, code = ""] = /Set-up code +([A-Z0-9-]{19})/.exec(machine.console) ?? [];
    const secrets = [administrator.password, administrator.displayName, "PRIVATE KEY", publicKey];
    for (const secret of [...secrets, ...(code ? [code] : [])]) expect(text).not.toContain(secret);
    expect(text).toContain('"event":"machine.asked"');
  });
});

describe("an administrator at /login", () => {
  test("has the server start anew, which needs little memory, and switches the machine off", async () => {
    const { startedAt } = await admin.json<{ startedAt: number }>("machine");
    expect((await admin.write("machine/act", { act: "restart" })).status).toBe(202);
    await machine.until("another server answers", async () => {
      if (!(await site.facts())) return false;
      return (await admin.json<{ startedAt: number }>("machine")).startedAt > startedAt;
    });
    const { reading } = await admin.json<{
      reading: {
        memory: { totalBytes: number; availableBytes: number; handrailBytes: number };
      };
    }>("health");
    const { totalBytes, availableBytes, handrailBytes } = reading.memory;
    const handrail = handrailBytes / 2 ** 20;
    const system = (totalBytes - availableBytes) / 2 ** 20;
    await note(`idle: Handrail ${handrail.toFixed(0)} MB, all ${system.toFixed(0)} MB`);
    expect(handrail).toBeLessThan(idle.handrail);
    expect(system).toBeLessThan(idle.system);

    expect((await admin.write("machine/act", { act: "power-off" })).status).toBe(202);
    await machine.poweredOff();
  });
});
