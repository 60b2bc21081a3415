import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../appliance/server/clock.ts";
import { violations } from "../support/accessibility.ts";
import { administrator } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { Machine } from "../support/machine.ts";
import { poll } from "../support/poll.ts";
import {
  deriveRelease,
  makeReleaseTree,
  makeSigner,
  packRelease,
  type Signer,
} from "../support/release.ts";
import { ReleaseChannel } from "../support/release-channel.ts";
import { SettingsMachine } from "../support/settings-machine.ts";
import { administration, openLogin } from "./login-stand.ts";

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  folder = await mkdtemp(path.join(tmpdir(), "handrail-updates-"));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** A day on which nobody runs this: in the window the appliance would begin by itself. */
const laterDay = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString("en", {
  weekday: "long",
});

/** Names a channel that has this release, trusts its certificate, and fetches it from there. */
async function fetchFromChannel(page: Page, bundle: string, signer: Signer): Promise<void> {
  await using channel = await ReleaseChannel.start();
  await copyFile(bundle, path.join(channel.folder, "handrail-1.1.0.hrupdate"));
  await writeFile(
    path.join(channel.folder, "handrail-1.1.0.txt"),
    "Answers sooner.\nLooks better.",
  );
  await channel.publish(signer);
  const section = page.getByRole("region", { name: "Releases from a channel" });
  await section.getByLabel("Address of the channel").fill(channel.url);
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("certificate is not trusted").waitFor();
  await page.screenshot({ path: await artifact("login-updates-channel.png"), fullPage: true });
  await section.getByRole("button", { name: "Trust exactly this one" }).click();
  await section.getByLabel("Install new releases in the maintenance window").check();
  await section.getByRole("checkbox", { name: "Sunday" }).uncheck();
  await section.getByRole("checkbox", { name: laterDay }).check();
  await section.getByLabel("From").fill("23:30");
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("Release 1.1.0 is available").waitFor();
  await section.getByText("The next window opens on").waitFor();
  await section.getByText("Looks better.").waitFor();
  await section.getByRole("button", { name: "Fetch release 1.1.0" }).click();
  await section.getByRole("button", { name: "Install release 1.1.0" }).waitFor();
  await page.getByRole("region", { name: "Debian’s security updates" }).getByText("Last").waitFor();
  await page.screenshot({ path: await artifact("login-updates-fetched.png"), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.getByLabel("Language", { exact: true }).selectOption("fr");
  await page.getByRole("button", { name: "Installer la version 1.1.0" }).waitFor();
  const dark = await artifact("login-updates-fetched-french-dark.png");
  await page.screenshot({ path: dark, fullPage: true });
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByLabel("Langue", { exact: true }).selectOption("en");
}

describe("the page of updates", () => {
  it("installs a release, tells how it goes while the appliance restarts, and goes back", async () => {
    const signer = makeSigner(folder);
    const tree = await makeReleaseTree(folder, "1.0.0");
    const newer = await packRelease(deriveRelease(tree, "1.1.0"), signer);
    await using machine = await Machine.start(tree, signer, { warningMs: 1000 });
    await machine.openSocket();
    await poll("the server is well", async () => (await machine.version()) === "1.0.0");
    const code = (await machine.run("set-up-code")).output.trim();
    await using opened = await openLogin(browser, machine);
    const { page } = opened;
    await page.getByLabel("Set-up code").fill(code);
    await page.getByLabel("Name for signing in").fill(administrator.name);
    await page.getByLabel("Name that others see").fill(administrator.displayName);
    await page.getByRole("textbox", { name: "Password" }).fill(administrator.password);
    await page.getByRole("button", { name: "Set up", exact: true }).click();
    await page.getByRole("button", { name: "Later" }).click();
    await page.getByText("Step 1 of 3").waitFor();
    await page.getByLabel("Name of the site").waitFor();
    await page.getByText("Certificate fingerprint (SHA-256)").waitFor();
    await page.screenshot({ path: await artifact("login-first-steps.png") });
    expect(await violations(page)).toEqual([]);
    await page.getByRole("link", { name: "Updates" }).click();

    const file = page.locator("input[type=file]");
    const none = path.join(folder, "none.hrupdate");
    await writeFile(none, "hello");
    await file.setInputFiles(none);
    await page.getByRole("button", { name: "Send and check" }).click();
    await page.getByText("The file is no update of Handrail.").waitFor();
    await file.setInputFiles(newer);
    await page.getByRole("button", { name: "Send and check" }).click();
    await page.getByText("Release 1.1.0 is signed and can be installed.").waitFor();
    await page.screenshot({ path: await artifact("login-updates-checked.png") });
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Install release 1.1.0" }).click();
    await page.getByText(/Release 1.1.0 is being installed|An update is under way/).waitFor();
    await page.screenshot({ path: await artifact("login-updates-running.png") });
    await page.getByText(/^Release 1\.1\.0 was installed on/).waitFor({ timeout: 60_000 });
    await page.screenshot({ path: await artifact("login-updates-installed.png") });

    await page.getByRole("button", { name: "Go back to 1.0.0…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Also when it takes the database").waitFor();
    await page.screenshot({ path: await artifact("login-updates-back.png") });
    await dialog.getByRole("button", { name: "Go back" }).click();
    await page.getByText(/^The appliance went back from 1\.1\.0/).waitFor({ timeout: 60_000 });

    await fetchFromChannel(page, newer, signer);
    await page.getByRole("link", { name: "Machine" }).click();
    await page.getByRole("button", { name: "Restart the server…" }).click();
    await dialog.getByText("No customer is connected.").waitFor();
    await page.screenshot({ path: await artifact("login-machine-restart.png") });
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Restart the server" }).click();
    await page.getByText("The server restarts.").waitFor();
    await page.getByText("The server is back.").waitFor({ timeout: 60_000 });
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("Had the server restarted").waitFor();
    await page.getByText("Installed release 1.1.0; before it was 1.0.0").waitFor();
    await page.getByText("Went back from release 1.1.0 to 1.0.0").waitFor();
    await page.getByText(/Fetched release 1\.1\.0 \(.* MB\)/).waitFor();
    await page.getByText(`installs them by itself, ${laterDay} from 23:30 to 04:00`).waitFor();
    await page.screenshot({ path: await artifact("login-updates-audit.png"), fullPage: true });
  });

  it("says in French and in the dark where there is nothing to update", async () => {
    await using site = await administration(browser);
    const options = { locale: "fr-FR", theme: "dark" } as const;
    await using opened = await openLogin(browser, site.appliance, "/updates", options);
    const { complaints, page } = opened;
    await page.getByRole("textbox", { name: "Nom" }).fill(administrator.name);
    await page.getByRole("textbox", { name: "Mot de passe" }).fill(administrator.password);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.getByText("ne fonctionne pas depuis l’image de l’appliance").waitFor();
    await page.screenshot({ path: await artifact("login-updates-french-dark.png") });
    expect(await page.locator("input[type=file]").count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe("the page of the machine", () => {
  it("tries a network, keeps it, and says at the field what the machine does not take", async () => {
    await using machine = await SettingsMachine.start(systemClock);
    const env = { HANDRAIL_SETTINGS_SOCKET: machine.socketFile };
    await using opened = await administration(browser, "/machine", { env });
    const { complaints, page } = opened;
    await page.getByLabel("How addresses come").selectOption("static");
    await page.getByLabel("Addresses with their prefix").fill("192.0.2.10/24");
    await page.getByLabel("Gateways, one to a line").fill("198.51.100.1");
    const dialog = page.getByRole("dialog");
    const send = async () => {
      await page.getByRole("button", { name: "Change the network…" }).click();
      await dialog.getByRole("button", { name: "Use these settings" }).click();
    };
    await send();
    await page.locator("[aria-invalid=true]").waitFor();
    await page.screenshot({ path: await artifact("login-machine-refused.png"), fullPage: true });
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Gateways, one to a line").fill("192.0.2.1");
    await send();
    await page.getByText("New settings of the network are being tried").waitFor();
    await page.screenshot({ path: await artifact("login-machine-trial.png"), fullPage: true });
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Keep these settings" }).click();
    await page.getByText("The settings of the network are kept.").waitFor();
    expect(machine.read("etc/systemd/network/10-handrail.network")).toContain("192.0.2.10/24");
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("192.0.2.10/24; gateway 192.0.2.1").first().waitFor();
    expect(complaints).toEqual([]);
  });

  it("lets somebody in by SSH for the administrator's own password alone", async () => {
    await using machine = await SettingsMachine.start(systemClock);
    const env = { HANDRAIL_SETTINGS_SOCKET: machine.socketFile };
    await using opened = await administration(browser, "/machine", { env });
    const { page } = opened;
    const key =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ann";
    await page.getByLabel("Public key").fill(key);
    const password = page.getByRole("textbox", { name: "Your own password" });
    await password.fill("something else");
    const on = page.getByRole("button", { name: "Switch SSH on for this key" });
    await on.click();
    await page.getByText("The password is wrong.").waitFor();
    expect(machine.read("etc/handrail/ssh-key")).toBeUndefined();
    await password.fill(administrator.password);
    await on.click();
    await page.getByText("SSH is on, on port 22").waitFor();
    expect(machine.read("etc/handrail/ssh-key")).toBe(`${key}\n`);
    await page.getByRole("button", { name: "Switch SSH off" }).click();
    await page.getByText("SSH is off").waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
