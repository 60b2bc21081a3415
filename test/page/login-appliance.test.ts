import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { Authority } from "../support/authority.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { freePort } from "../support/free-port.ts";
import { poll } from "../support/poll.ts";
import { SftpServer } from "../support/sftp-server.ts";
import { MailServer } from "../support/mail-server.ts";
import { SyslogServer } from "../support/syslog-server.ts";
import { addRepresentative, administration, openLogin, signIn, siteEnv } from "./login-stand.ts";
import { signInConsole } from "./recorded-session.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Has backups sent to a server, whose key the page shows and somebody confirms. */
async function sendBySftp(page: Page) {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-sent-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await page.getByLabel("Where", { exact: true }).selectOption("A server with SFTP");
  const publicKey = (await page.getByText(/^ssh-ed25519 /).textContent()) ?? "";
  const server = stack.use(await SftpServer.start({ publicKey }));
  await page.getByLabel("Host name or address").fill("127.0.0.1");
  await page.getByLabel("Port").fill(String(server.port));
  await page.getByLabel("Folder").fill(folder);
  await page.getByLabel("Name at the server").fill(server.name);
  await page.getByRole("button", { name: "Try the connection" }).click();
  await page.getByText("the server’s key is not confirmed yet").waitFor();
  await page.getByText(server.hostKey).waitFor();
  await page.screenshot({ path: await artifact("login-backup-target.png") });
  await page.getByRole("button", { name: "This is the server’s key" }).click();
  await page.getByRole("button", { name: "Try the connection" }).click();
  await page.getByText("It works").waitFor();
  await page.getByRole("button", { name: "Change the destination" }).click();
  await page.getByText("Nothing was sent there yet.").waitFor();
  const made = stack.move();
  return { files: () => readdir(folder), [Symbol.asyncDispose]: () => made.disposeAsync() };
}

describe("the appliance", () => {
  it("shows its fingerprint, and that the audit log is intact", async () => {
    await using site = await administration(browser, "/status");
    const { appliance, complaints, page } = site;
    const listening = /"fingerprint":"([0-9A-F:]{95})"/.exec(appliance.program.output);
    await page.getByText(listening?.[1] ?? "no fingerprint").waitFor();
    await page.getByText("Intact").waitFor();
    await page.getByText("0 of 10 in use").waitFor();
    await using console = await signInConsole(appliance, administrator.name);
    expect(console.welcome).toBeDefined();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("1 of 10 in use").waitFor();
    await page.screenshot({ path: await artifact("login-status.png") });
    expect(complaints).toEqual([]);
  });

  it("makes a backup, sends it, lets it be taken away, and is restored from it", async () => {
    await using site = await administration(browser, "/backups");
    const { appliance, complaints, page } = site;
    const passphrase = "correct horse battery staple";
    await page.getByText("There are no backups on the appliance.").waitFor();
    await using server = await sendBySftp(page);
    await page.getByRole("button", { name: "Make a backup now" }).click();
    const dialog = page.getByRole("dialog");
    const submit = dialog.getByRole("button", { name: "Make backup" });
    await dialog.getByRole("textbox", { name: "Passphrase", exact: true }).fill(passphrase);
    await dialog.getByLabel("Passphrase again").fill("something else");
    await dialog.getByText("The two are not the same.").waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel("Passphrase again").fill(passphrase);
    await submit.click();
    await page.getByText(/^Made: handrail-/).waitFor();
    await page.getByText(/^Last sent: handrail-/).waitFor();
    await page.getByRole("button", { name: "Show what lies there" }).click();
    await page.getByRole("button", { name: /^Fetch handrail-/ }).waitFor();
    expect(await server.files()).toHaveLength(1);
    await page.getByLabel("How often").selectOption("Every week");
    await page.getByLabel("Day", { exact: true }).selectOption("Sunday");
    await page.getByLabel(/^Time/).fill("03:15");
    await page.getByRole("textbox", { name: "Passphrase", exact: true }).fill(passphrase);
    await page.getByLabel("Passphrase again").fill(passphrase);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/^Next: /).waitFor();
    await page.screenshot({ path: await artifact("login-backups.png") });
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: /^Download handrail-/ }).click();
    const file = await (await download).path();
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText(/Made the backup handrail-.*SHA-256 [0-9a-f]{64}/).waitFor();
    await page
      .getByText("on Sunday at 03:15, without recordings, the last 7 are kept (before: none")
      .waitFor();
    await page.getByText(/Took the backup handrail-.* away/).waitFor();
    expect(complaints).toEqual([]);

    await using fresh = await Appliance.start({ env: siteEnv, port: await freePort() });
    await using opened = await openLogin(browser, fresh);
    const setUp = opened.page;
    await setUp.getByRole("button", { name: "Restore from a backup instead" }).click();
    await setUp.getByLabel("Set-up code").fill(await fresh.command("set-up-code"));
    await setUp.locator("input[type=file]").setInputFiles(file);
    await setUp.getByRole("textbox", { name: "Passphrase" }).fill("another passphrase");
    await setUp.getByRole("button", { name: "Restore", exact: true }).click();
    await setUp.getByText("The passphrase is not the one that the backup was made with.").waitFor();
    await setUp.screenshot({ path: await artifact("login-restore.png") });
    await setUp.getByRole("textbox", { name: "Passphrase" }).fill(passphrase);
    await setUp.getByRole("button", { name: "Restore", exact: true }).click();
    await setUp.getByText(/^The backup of .* is restored/).waitFor();
    await setUp.screenshot({ path: await artifact("login-restored.png") });
    await poll(
      "it answers again",
      async () => (await fresh.ask("/login/api/state")).status === 200,
    );
    await setUp.getByRole("button", { name: "Go on" }).click();
    await signIn(setUp, administrator.name, administrator.password);
    const account = `Account of ${administrator.displayName}`;
    await setUp.getByRole("button", { name: account }).waitFor();
    expect(opened.complaints).toEqual([]);
    expect(appliance.program.output + fresh.program.output).not.toContain(passphrase);
  });

  it("judges a certificate, asks for one, makes one, and changes TLS", async () => {
    using authority = new Authority();
    await using site = await administration(browser, "/certificate");
    const { complaints, page } = site;
    const own = page.getByRole("region", { name: "The present certificate" });
    await own.getByText("itself: browsers warn").waitFor();
    await page.getByText("127.0.0.1 is an address: certificates are got").waitFor();
    await page.getByRole("button", { name: "Set up…" }).click();
    const acme = page.getByRole("dialog", { name: "Get one by itself (ACME)" });
    await acme.getByRole("textbox", { name: /^Directory/ }).fill("https://127.0.0.1:9/dir");
    await acme.getByRole("textbox", { name: "DNS names" }).fill("help.example.org");
    await acme.getByRole("button", { name: "Check and get it" }).click();
    await acme.getByText("127.0.0.1:9 cannot be reached").waitFor();
    await acme.getByRole("button", { name: "Cancel" }).click();
    await acme.waitFor({ state: "hidden" });
    const given = authority.issue({ host: "help.example.org" });
    const pem = page.getByRole("textbox", { name: "Certificate and chain (PEM)" });
    const check = page.getByRole("button", { name: "Check", exact: true });
    await pem.fill(given.key);
    await check.click();
    await page.getByRole("alert").getByText("There is no certificate here").waitFor();
    await pem.fill(authority.intermediate + given.certificate);
    await page.getByRole("textbox", { name: "Private key (PEM)" }).fill(given.key);
    await check.click();
    await page.getByText("They are put right.").waitFor();
    await page.screenshot({ path: await artifact("login-certificate.png"), fullPage: true });
    await page.getByRole("button", { name: "Use this certificate" }).click();
    await own.getByText("Sample Intermediate").first().waitFor();
    const names = page.getByLabel("Names and addresses, one to a line");
    await names.fill("no name!");
    await page.getByRole("button", { name: "Make a request" }).click();
    await page.getByText("neither a DNS name nor an address").waitFor();
    await names.fill("help.example.org");
    await page.getByRole("button", { name: "Make a request" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download the request" }).click();
    const request = await readFile(await (await download).path(), "utf8");
    expect(request).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/);
    await page.getByRole("button", { name: "Discard it" }).click();
    await page.getByRole("button", { name: "Make a new certificate…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Make it" }).click();
    await own.getByText("itself: browsers warn").waitFor();
    const first = "TLS_AES_256_GCM_SHA384";
    await page.getByRole("button", { name: `Move ${first} down` }).click();
    await page.getByLabel("Oldest version").selectOption("TLS 1.1 (insecure)");
    await page.getByText("Versions before 1.2 need a cipher").waitFor();
    await page.screenshot({ path: await artifact("login-tls.png"), fullPage: true });
    await page.getByLabel("ECDHE-ECDSA-AES128-SHA", { exact: true }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("TLS was changed.").waitFor();
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.goto(`${site.appliance.url}/login/certificate#tls`);
    await poll("the part that the address names is in view", async () => {
      const box = await page.getByRole("region", { name: "TLS" }).boundingBox();
      return box !== null && box.y >= 0 && box.y < 200;
    });
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("Replaced the certificate by one put here with its key").waitFor();
    await page.getByText("Changed TLS: from TLSv1.2–TLSv1.3").waitFor();
    await page.screenshot({ path: await artifact("login-certificate-audit.png") });
    expect(complaints).toEqual([]);
  });

  it("sends the audit log to a syslog server, once its certificate is trusted", async () => {
    using authority = new Authority();
    const tls = { ...authority.issue({ host: "127.0.0.1" }), chain: authority.intermediate };
    await using server = await SyslogServer.start({ tls });
    await using site = await administration(browser, "/syslog", { theme: "dark" });
    const { complaints, page } = site;
    await page.getByText("The audit log is sent nowhere.").waitFor();
    await page.getByLabel("How rows travel").selectOption("TLS (recommended)");
    await page.getByLabel("Host name or address").fill("127.0.0.1");
    await page.getByLabel("Port").fill(String(server.port));
    const test = page.getByRole("button", { name: "Send a test message" });
    await test.click();
    await page.getByText("the server’s certificate is not trusted").waitFor();
    await page.screenshot({ path: await artifact("login-syslog-untrusted.png"), fullPage: true });
    await page.getByRole("button", { name: "Trust exactly this one" }).click();
    await test.click();
    await page.getByText("The server has read the test message.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Connected.").waitFor();
    await page.getByText("No row is waiting.").waitFor();
    await server.kill();
    await page.getByText(/^Waiting since .*: the server/).waitFor();
    await page.getByLabel("Language").selectOption("Français");
    await page.getByText(/^En attente depuis .* : le serveur/).waitFor();
    await page.emulateMedia({ colorScheme: "light" });
    await page.screenshot({ path: await artifact("login-syslog-french.png"), fullPage: true });
    await page.getByLabel("Langue").selectOption("English");
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("Changed where the audit log is sent: tls://127.0.0.1:").waitFor();
    await page.getByText("the server’s certificate was not trusted").waitFor();
    expect(complaints).toEqual([]);
  });

  it("sends a test mail, once the server's certificate is trusted, and keeps the password", async () => {
    using authority = new Authority();
    const tls = { ...authority.issue({ host: "127.0.0.1" }), chain: authority.intermediate };
    const account = { user: "handrail", password: "correct horse battery" };
    await using server = await MailServer.start({ tls, account });
    await using site = await administration(browser, "/mail");
    const { complaints, page } = site;
    await page.getByText("No mail is sent.").waitFor();
    const security = page.getByLabel("How mail is sent");
    await security.selectOption("Without encryption");
    await page.getByText("Whoever is on the way can read the mails").waitFor();
    await security.selectOption("STARTTLS, required (recommended)");
    await page.getByLabel("Host name or address").fill("127.0.0.1");
    await page.getByLabel("Port").fill(String(server.port));
    await page.getByLabel("Name at the server").fill(account.user);
    await page.getByLabel("Password at the server").fill(account.password);
    await page.getByLabel("Sender’s address").fill("handrail@example.org");
    const addressees = page.getByLabel("Who gets the notices");
    await addressees.fill("ann@example.org, bob");
    const test = page.getByRole("button", { name: "Send a test mail" });
    await test.click();
    await page.getByText("At most 20 e-mail addresses are possible").waitFor();
    await addressees.fill("ann@example.org");
    await test.click();
    await page.getByText("the server’s certificate is not trusted").waitFor();
    await page.screenshot({ path: await artifact("login-mail-untrusted.png"), fullPage: true });
    await page.getByRole("button", { name: "Trust exactly this one" }).click();
    server.refuses = { recipient: [550, "5.1.1 no such person"] };
    await test.click();
    await page.getByText("5.1.1 no such person").waitFor();
    server.refuses = {};
    await test.click();
    await page.getByText("The server has taken the mail.").waitFor();
    expect(server.mails).toMatchObject([{ to: ["ann@example.org"], isSecure: true }]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Mail was changed.").waitFor();
    await page.getByText("One is kept.").waitFor();
    await page.getByLabel("Language", { exact: true }).selectOption("Français");
    await page.getByText("Aucun message n’attend.").waitFor();
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: await artifact("login-mail-french.png"), fullPage: true });
    await page.getByLabel("Langue", { exact: true }).selectOption("English");
    await page.getByRole("link", { name: "Audit log" }).click();
    await page
      .getByText("Tried to send a test mail to ann@example.org by starttls://")
      .first()
      .waitFor();
    await page.getByText("with a new password").waitFor();
    expect(await page.content()).not.toContain(account.password);
    expect(complaints).toEqual([]);
  });

  it("keeps every change in the audit log, with who made it", async () => {
    await using site = await administration(browser, "/representatives");
    const { page } = site;
    await addRepresentative(page, "bob", "Bob Baker");
    await page.getByText("Bob Baker was added.").waitFor();
    await page.getByRole("link", { name: "Audit log" }).click();
    const row = page.getByRole("row").filter({ hasText: "account.added" });
    await row.getByText("Added the account bob (Representative)").waitFor();
    await row.getByText(administrator.displayName).waitFor();
    await page.getByText("Signed in from").first().waitFor();
    // One person has one name, by whatever part of the appliance it was written.
    expect(await page.getByRole("cell", { name: administrator.name, exact: true }).count()).toBe(0);
  });

  it("lets the rows of the audit log be chosen, and takes them away as a file", async () => {
    await using site = await administration(browser, "/audit");
    const { complaints, page } = site;
    const events = page.locator("tbody tr");
    await page.getByText("site.set-up").waitFor();
    await page.getByLabel("Kind").selectOption("Sign-ins and consoles");
    await poll("only sign-ins are there", async () => (await events.count()) === 1);
    await page.getByText("sign-in.succeeded").waitFor();
    await page.screenshot({ path: await artifact("login-audit.png") });
    await page.getByLabel("Search").fill("nothing like this");
    await page.getByText("No row matches.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByLabel("From").fill("2999-01-01");
    await page.getByText("No row matches.").waitFor();
    await page.getByLabel("From").fill("");
    await page.getByLabel("Representative").selectOption(administrator.displayName);
    await page.getByText("sign-in.succeeded").waitFor();
    await page.getByText("site.set-up").waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "As a table (CSV)" }).click();
    const file = await (await download).path();
    const lines = (await readFile(file, "utf8")).split("\r\n");
    expect(lines[0]).toBe('"row","time","event","who","account","session","details","hash"');
    expect(lines[1]).toContain('"sign-in.succeeded"');
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("Took the audit log away as a file").waitFor();
    expect(complaints).toEqual([]);
  });
});
