import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedDisk } from "../../packer/seed/make.ts";
import { artifact } from "../support/artifacts.ts";
import { launchChromium, openContext } from "../support/chromium.ts";
import { root } from "../support/root.ts";
import { Disk, Machine } from "./machine.ts";

/** Processor time of two emulated processors until HTTPS answers, seconds. */
const budget = { firstBoot: 130, secondBoot: 80 } as const;
const password = "correct horse battery staple";

const [image] = globSync("packer/dist/out/handrail-*.qcow2", { cwd: root });
if (image === undefined) throw new Error("There is no image yet: npm run image");

let disk: Disk;
beforeAll(() => {
  disk = new Disk(path.join(root, image));
});
afterAll(() => disk[Symbol.dispose]());

describe("an imported appliance", () => {
  test("is reached, recognised, set up and switched off without a log-in", async () => {
    await using machine = await Machine.start(disk, { ports: [443, 80, 22] });
    const site = await machine.until("the site answers", () => siteOf(machine));
    await report("first boot", machine);
    expect(machine.cpuSeconds).toBeLessThan(budget.firstBoot);

    const [, code = ""] = await machine.shows(/Set-up code +([A-Z0-9-]{19})/);
    await machine.shows(/Web address +https:\/\/10\.0\.2\.15\n/);
    // The screen has what the serial line has, a few seconds sooner or later.
    await sleep(10_000);
    await machine.screenshot("appliance-console");
    const shown = machine.console.replace(/\n +(?=([0-9A-F]{2}:){15}[0-9A-F]{2}\n)/g, ":");
    expect(shown).toContain(`Certificate SHA-256  ${await fingerprintOf(machine)}`);
    expect(site.fingerprint.replaceAll(":", "").toUpperCase()).toBe(
      (await fingerprintOf(machine)).replaceAll(":", ""),
    );

    expect(await statusOf(machine)).toBe(308);
    expect(await speaks(machine, 22)).toBe(false);
    // A server of SSH would speak first.
    await setUp(machine, code);
    await powerOff(machine);
  });

  test("keeps what it knows, takes the room of an enlarged disk, and has no failed service", async () => {
    disk.grow(8);
    await using machine = await Machine.start(disk);
    await machine.until("the site answers", () => siteOf(machine));
    await report("second boot", machine);
    expect(machine.cpuSeconds).toBeLessThan(budget.secondBoot);

    await machine.shows(/Certificate SHA-256 .*\n.*\n\n +1\)/);
    expect(machine.console).not.toContain("Set-up code");
    machine.type("4");
    const [, free = "0"] = await machine.shows(/Room for data +([0-9.]+)G/);
    // 20 GB and 8 more, without both systems.
    expect(Number(free)).toBeGreaterThan(20);
    const [, failed] = await machine.shows(/Failed services *(.*)\n/);
    expect(failed).toBe("");
    expect(machine.console).toMatch(/Name servers +none\n/);
    machine.type("\n");

    await refusesAddress(machine);
    await takesAddress(machine);
    await takesName(machine);
    await speaksFrench(machine);
    await powerOff(machine);
  });
});

test.each([
  { firmware: "uefi", disk: "ahci", network: "e1000" },
  { firmware: "bios", disk: "pvscsi", network: "vmxnet3" },
] as const)("an appliance starts with $firmware, $disk and $network", async (hardware) => {
  using fresh = new Disk(path.join(root, image));
  await using machine = await Machine.start(fresh, { hardware });
  await machine.until("the site answers", () => siteOf(machine));
  await report(Object.values(hardware).join(" "), machine);
});

describe("a seed", () => {
  test("sets an appliance up, which a factory reset makes a new one", async () => {
    using seeded = new Disk(path.join(root, image));
    const code = "SEED-CODE-2345-6789";
    const cd = seedOf({
      network: { method: "static", addresses: ["10.0.2.15/24"], gateways: ["10.0.2.2"] },
      siteAddress: "support.example.org",
      timeZone: "Europe/Paris",
      administrator: { setUpCode: code },
    });
    {
      await using machine = await Machine.start(seeded, { cd });
      await machine.shows(
        new RegExp(`Site +https://support\\.example\\.org\n[^]*Set-up code +${code}`),
      );
      await machine.until("the site answers", () => siteOf(machine));
      await machine.screenshot("appliance-seeded");
      await resetToNew(machine);
    }
    await using machine = await Machine.start(seeded);
    const [, other] = await machine.shows(/Set-up code +([A-Z0-9-]{19})/);
    expect(other).not.toBe(code);
    expect(machine.console).not.toContain("support.example.org");
    machine.type("4");
    const [, failed] = await machine.shows(/Failed services *(.*)\n/);
    expect(failed).toBe("");
  });

  test("that is wrong is told on the console, and the appliance is reached without it", async () => {
    using fresh = new Disk(path.join(root, image));
    const cd = seedOf({ language: "fr", timeZone: "Europe/Atlantis" });
    await using machine = await Machine.start(fresh, { cd });
    await machine.until("the site answers", () => siteOf(machine));
    const [told] = await machine.shows(/The seed is not used[^]*Set-up code/);
    expect(told.replace(/\s+/g, " ")).toContain('timeZone is "Europe/Atlantis"');
    await machine.screenshot("appliance-seed-refused");
  });

  test("makes a jumpoint, on which nothing listens", async () => {
    using fresh = new Disk(path.join(root, image));
    await using machine = await Machine.start(fresh, {
      ports: [443, 80],
      cd: seedOf({ language: "fr", role: "jumpoint" }),
    });
    await machine.shows(/Cette machine est un jumpoint/);
    expect(await siteOf(machine)).toBeUndefined();
    expect(await speaks(machine, 80)).toBe(false);
    await machine.screenshot("appliance-jumpoint");
  });
});

test("the same sources make the same payload", () => {
  const payload = path.join(root, "packer/dist/payload.tar.zst");
  const before = execFileSync("sha256sum", [payload], { encoding: "utf8" });
  const again = ["packer/build.ts", "--fast", "--from", "release", "--until", "payload"];
  execFileSync("node", again, { cwd: root });
  expect(execFileSync("sha256sum", [payload], { encoding: "utf8" })).toBe(before);
});

test("the papers are signed, and right", () => {
  const out = path.join(root, "packer/dist/out");
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
  const key = ["-pubin", "-inkey", "handrail.pem"];
  const signed = ["-rawin", "-in", "SHA256SUMS", "-sigfile", "SHA256SUMS.sig"];
  execFileSync("openssl", ["pkeyutl", "-verify", ...key, ...signed], { cwd: out });
});

/** Keeps for people how much processor time it took until the site answered. */
async function report(what: string, machine: Machine): Promise<void> {
  const line = `${new Date().toISOString()} ${what}: ${machine.cpuSeconds.toFixed(0)} CPU seconds\n`;
  await appendFile(await artifact("appliance-boots.txt"), line);
}

/** What anybody may know of the site; undefined while nobody answers. */
async function siteOf(machine: Machine): Promise<{ fingerprint: string } | undefined> {
  return new Promise((resolve) => {
    const agent = new Agent({ rejectUnauthorized: false });
    const options = { port: machine.port(443), path: "/api/site", agent, timeout: 10_000 };
    const asked = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        resolve(response.statusCode === 200 ? (JSON.parse(text) as never) : undefined);
      });
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}

async function fingerprintOf(machine: Machine): Promise<string> {
  const socket = connectTls({ port: machine.port(443), rejectUnauthorized: false });
  try {
    await new Promise((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    return socket.getPeerCertificate().fingerprint256;
  } finally {
    socket.destroy();
  }
}

/** What visitors of the plain port are answered. */
async function statusOf(machine: Machine): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = plainRequest({ port: machine.port(80) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Whether whoever connects to the port is told something. QEMU itself takes every connection. */
async function speaks(machine: Machine, inside: number): Promise<boolean> {
  const socket = connect(machine.port(inside), "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("data", () => resolve(true));
    socket.once("close", () => resolve(false));
    socket.once("error", () => resolve(false));
    socket.setTimeout(20_000, () => {
      resolve(false);
      socket.destroy();
    });
  });
}

/** The first page of a new site, as an administrator goes through it. */
async function setUp(machine: Machine, code: string): Promise<void> {
  await using browser = await launchChromium();
  const context = await openContext(browser);
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  await page.goto(`https://127.0.0.1:${machine.port(443)}/login`);
  await page.getByLabel("Set-up code").fill(code);
  await page.getByLabel("Name for signing in").fill("ann");
  await page.getByLabel("Name that others see").fill("Ann Archer");
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.screenshot({ path: await artifact("appliance-set-up.png") });
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await page.getByRole("button", { name: "Later" }).click();
  await page.getByText("Name and certificate").waitFor();
  await page.screenshot({ path: await artifact("appliance-first-steps.png") });
  await page.getByRole("link", { name: "Status" }).click();
  await page.getByText("Certificate fingerprint (SHA-256)").waitFor();
  await page.screenshot({ path: await artifact("appliance-status.png") });
}

/** The console says what is wrong with an address, and leaves the network as it is. */
async function refusesAddress(machine: Machine): Promise<void> {
  machine.forget();
  machine.type("2");
  await machine.shows(/Enter: leave it as it is\)/);
  machine.type("10.0.2.300/24\n");
  await machine.shows(/Gateway:/);
  machine.type("10.0.2.2\n");
  await machine.shows(/Name servers/);
  machine.type("10.0.2.3\n");
  await machine.shows(/Nothing has been changed/);
  machine.type("\n");
}

/** The one that the machine had by DHCP: forwarded ports lead to it. */
async function takesAddress(machine: Machine): Promise<void> {
  machine.forget();
  machine.type("2");
  await machine.shows(/Enter: leave it as it is\)/);
  machine.type("10.0.2.15/24\n");
  await machine.shows(/Gateway:/);
  machine.type("10.0.2.2\n");
  await machine.shows(/Name servers/);
  machine.type("10.0.2.3\n");
  await machine.shows(/Done\. Where another machine/);
  machine.type("\n");
  await machine.until("the site answers at its own address", () => siteOf(machine));
}

async function takesName(machine: Machine): Promise<void> {
  machine.forget();
  machine.type("3");
  await machine.shows(/By which name/);
  machine.type("support.example.org\n");
  await machine.shows(/The site has this name from now on/);
  machine.type("\n");
  await machine.shows(/Site +https:\/\/support\.example\.org\n/);
}

async function speaksFrench(machine: Machine): Promise<void> {
  machine.forget();
  await machine.press("l");
  machine.type("L");
  await machine.shows(/SHA-256 du certificat/);
  await sleep(10_000);
  await machine.screenshot("appliance-console-french");
  machine.forget();
  machine.type("l");
  await machine.shows(/Press a key:/);
}

/** A disk with these settings. */
function seedOf(settings: object): Uint8Array {
  return seedDisk(Buffer.from(JSON.stringify({ version: 1, ...settings })));
}

/** It says what that means, and wants a word for it. */
async function resetToNew(machine: Machine): Promise<void> {
  machine.forget();
  machine.type("R");
  await machine.shows(/Write RESET/);
  machine.type("reset\n");
  await machine.shows(/Nothing has been changed/);
  machine.type("\n");
  machine.forget();
  machine.type("R");
  await machine.shows(/Write RESET/);
  machine.type("RESET\n");
  await machine.poweredOff();
}

async function powerOff(machine: Machine): Promise<void> {
  machine.type("6");
  await machine.shows(/Power off\? \(y\/n\)/);
  machine.type("y");
  await machine.poweredOff();
}
