import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  chatFileMessage,
  type ElevateConsoleMessage,
  elevateConsoleMessage,
  type ElevateCustomerMessage,
  elevateCustomerMessage,
  type ElevationPurpose,
  scriptCustomerMessage,
  scriptNeeds,
  type ShellCustomerMessage,
  shellConsoleMessage,
  shellCustomerMessage,
} from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { ComputerAccount, mayMakeAccounts } from "../support/computer-account.ts";
import type { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { processesWith } from "../support/leftovers.ts";
import type { Probe } from "../support/party.ts";
import { besideStrictPolkit, mayRunPolkit } from "../support/polkit.ts";
import { poll } from "../support/poll.ts";
import { Scene } from "../support/scene.ts";
import { allowRights } from "../support/signed-in.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
let own: AsyncDisposableStack;
/** Whose desktop it is, who may do nothing; and somebody who may. */
let customer: ComputerAccount;
let administrator: ComputerAccount;
let command: readonly string[];
beforeAll(async () => {
  if (!mayMakeAccounts) return;
  own = new AsyncDisposableStack();
  scene = own.use(await Scene.start());
  ({ appliance, desktop } = scene);
  customer = own.use(await ComputerAccount.make(false));
  administrator = own.use(await ComputerAccount.make(true));
  command = await customer.clientCommand();
  await allowRights(appliance);
});
afterAll(() => own?.disposeAsync());

function begin(): Promise<Visit> {
  return Visit.begin({ appliance, desktop, command, env: customer.environment(desktop) });
}

function credentials(
  account: ComputerAccount | string,
  password: string,
  purpose: ElevationPurpose = "shell",
): ElevateConsoleMessage {
  const name = typeof account === "string" ? account : account.name;
  return { type: "credentials", purpose, account: name, password: Buffer.from(password) };
}

/** Asks for rights, which the customer allows; the answer, and the channel that they live by. */
async function elevate(
  visit: Visit,
  wanted: ElevateConsoleMessage,
  about?: ElevateConsoleMessage & { type: "script" },
) {
  const { representative, lsid, window } = visit;
  const channel = await representative.open("elevate", lsid).opened();
  if (about) channel.send(elevateConsoleMessage.encode(about));
  channel.send(elevateConsoleMessage.encode(wanted));
  if (wanted.type === "credentials") {
    await window.allow("the rights are answered", () => channel.messages.length > 0);
  }
  return { channel, answer: () => answered(channel) };
}

function answered(channel: Probe): Promise<ElevateCustomerMessage> {
  return poll("the rights are answered", () => {
    const [first] = channel.messages;
    return first && elevateCustomerMessage.decode(first);
  });
}

/** What the rights for a script that was written for once are asked with. */
function aboutOf({ name, text }: { name: string; text: string }) {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { type: "script", name, needs: scriptNeeds(["shell"], sha256) } as const;
}

async function grantOf(
  visit: Visit,
  wanted: ElevateConsoleMessage,
  about?: ElevateConsoleMessage & { type: "script" },
) {
  const { channel, answer } = await elevate(visit, wanted, about);
  const message = await answer();
  if (message.type === "refused") throw new Error(`refused: ${message.why}`);
  return { channel, grant: message.grant };
}

function shown(shell: Probe): string {
  const messages: ShellCustomerMessage[] = shell.messages.map((bytes) =>
    shellCustomerMessage.decode(bytes),
  );
  return Buffer.concat(messages.flatMap((m) => (m.type === "output" ? [m.bytes] : []))).toString();
}

async function elevatedShell(visit: Visit, grant: string): Promise<Probe> {
  const shell = await visit.representative.open("shell", visit.lsid).opened();
  const start = { type: "startElevated", columns: 80, rows: 24, grant } as const;
  shell.send(shellConsoleMessage.encode(start));
  return shell;
}

function type(shell: Probe, text: string): void {
  shell.send(shellConsoleMessage.encode({ type: "input", bytes: Buffer.from(text) }));
}

async function shows(shell: Probe, text: string): Promise<void> {
  await poll(`the shell shows ${text}`, () => shown(shell).includes(text));
}

/** What the audit log says of rights in a session. */
async function eventsOf({ representative, lsid }: Visit) {
  const { events } = await representative.call("session.history", { lsid });
  return events.filter(({ event }) => event.startsWith("elevat"));
}

/** Everything that is on a disk below a folder, as text. */
async function contentsOf(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const read = files
    .filter((file) => file.isFile())
    .map((file) => readFile(path.join(file.parentPath, file.name), "latin1").catch(() => ""));
  return (await Promise.all(read)).join("\n");
}

describe.runIf(mayMakeAccounts)("administrator's rights by an account and its password", () => {
  it("open a shell of root, and end with their channel", async () => {
    await using visit = await begin();
    await visit.grant("shell");
    const { channel, grant } = await grantOf(
      visit,
      credentials(administrator, administrator.password),
    );
    const shell = await elevatedShell(visit, grant);
    type(shell, "nohup sleep 4712 >/dev/null 2>&1 &\r");
    type(shell, `echo I am $(id -un) on $DISPLAY; sh -c 'trap "" HUP; sleep 4711; sleep 4713'\r`);
    await shows(shell, `I am root on ${desktop.display}`);
    const [started] = shell.messages.map((bytes) => shellCustomerMessage.decode(bytes));
    expect(started).toMatchObject({ type: "started", program: "/bin/bash", isElevated: true });
    await desktop.screenshot(await artifact("elevation-shell.png"));
    const programs = () => Promise.all(["4711", "4712"].map((s) => processesWith(`sleep\x00${s}`)));
    await poll("both run", async () => (await programs()).every((found) => found.length > 0));
    channel.channel.close();
    await poll("nothing of it is left", async () => {
      return !(await isElevated()) && (await programs()).flat().length === 0;
    });
    expect((await eventsOf(visit)).map(({ event }) => event)).toEqual(
      expect.arrayContaining(["elevate.opened", "elevation.asked", "elevation.granted"]),
    );
    const granted = (await eventsOf(visit)).find(({ event }) => event === "elevation.granted");
    expect(granted).toMatchObject({
      who: "Ann Archer",
      detail: { purpose: "shell", way: "credentials", account: administrator.name },
    });
  });

  it("are in no argument list, environment, log, recording or file while and after they are used", async () => {
    await using visit = await begin();
    await visit.grant("shell");
    await visit.grant("view");
    await visit.representative.call("record.start", { lsid: visit.lsid });
    const { password } = administrator;
    const secret = password.slice(3, 27);
    const { grant } = await grantOf(visit, credentials(administrator, password));
    const shell = await elevatedShell(visit, grant);
    // Not before its own start-up is over, which may hold a lock.
    type(shell, 'echo he""re\r');
    await shows(shell, "here\r\n");
    const running = await processesWith(secret);
    expect(running).toEqual([]);
    await visit.representative.call("session.end", { lsid: visit.lsid });
    await visit.window.dismiss();
    await visit.client.program.ended();
    const places = [appliance.dataDirectory, customer.home, administrator.home, desktop.home];
    for (const place of places) expect(await contentsOf(place), place).not.toContain(secret);
    expect(appliance.program.output + visit.client.program.output).not.toContain(secret);
    // That it is looked for as it would be found: another word of the session is there.
    expect(await contentsOf(appliance.dataDirectory)).toContain(administrator.name);
  });

  it("are in no core dump of the customer's program, whose memory nobody of the account reads", async () => {
    await using visit = await begin();
    await visit.grant("shell");
    await grantOf(visit, credentials(administrator, administrator.password));
    const program = path.join(customer.home, "client/node");
    const running = await processesWith(program);
    const pidOf = (name: string) =>
      running.find(({ command }) => command.startsWith(`${program} ${customer.home}/${name}`))?.pid;
    const pid = pidOf("client/app.mjs") ?? NaN;
    // Whoever may not read this may attach no debugger either; see ptrace(2).
    expect(() => customer.read(`/proc/${pid}/environ`)).toThrow("Permission denied");
    const other = `/proc/${pidOf("client/window-process.mjs")}/environ`;
    expect(customer.read(other)).toContain(customer.home);
    expect(await readlink(`/proc/${pid}/cwd`)).toBe(customer.home);
    const before = await readdir(customer.home);
    expect(await readFile(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core .* unlimited/m);
    process.kill(pid, "SIGABRT");
    await visit.client.program.ended();
    expect((await readdir(customer.home)).filter((name) => !before.includes(name))).toEqual([]);
  });

  it("run a script of the appliance, and only once", async () => {
    await using visit = await begin();
    const { representative, lsid } = visit;
    const wanted = credentials(administrator, administrator.password, "script");
    // The one question also allows what the script needs: nothing else is asked for.
    const source = { name: "who", text: "#!/bin/sh\nid -u; cat /etc/shadow | wc -l; exit 3\n" };
    const { grant, channel } = await grantOf(visit, wanted, aboutOf(source));
    const swapped = { lsid, source: { ...source, text: `${source.text}# more` }, grant };
    const { run: other } = await representative.call("script.prepare", swapped);
    expect(await representative.open("script", lsid, other).end()).toBe("not-found");
    const { run } = await representative.call("script.prepare", { lsid, source, grant });
    const probe = await representative.open("script", lsid, run).opened();
    await probe.end();
    const messages = probe.messages.map((bytes) => scriptCustomerMessage.decode(bytes));
    const text = messages.map((m) => (m.type === "stdout" ? Buffer.from(m.bytes).toString() : ""));
    expect(text.join("")).toMatch(/^0\n[1-9]\d*\n$/);
    expect(messages.at(-1)).toMatchObject({ type: "ended", code: 3 });
    expect(await channel.end()).toBe("closed");
    const again = await representative.call("script.prepare", { lsid, source, grant });
    expect(await representative.open("script", lsid, again.run).end()).toBe("not-found");
  });

  it("are refused with a reason for a wrong password, an account that may not, and none", async () => {
    await using visit = await begin();
    const { name, password } = customer;
    const tries = [
      [credentials(name, password), "not-allowed"],
      [credentials(name, "wrong"), "wrong-password"],
      [credentials(administrator, "wrong"), "wrong-password"],
      [credentials("nobody-of-this-name", "wrong"), "wrong-password"],
      [credentials("--help", "wrong"), "wrong-password"],
    ] as const;
    for (const [wanted, why] of tries) {
      const { answer, channel } = await elevate(visit, wanted);
      expect(await answer()).toEqual({ type: "refused", why });
      await channel.end();
    }
    expect(await isElevated()).toBe(false);
    const refused = (await eventsOf(visit)).filter(({ event }) => event === "elevation.refused");
    expect(refused.map(({ detail }) => detail)).toContainEqual({
      ...{ purpose: "shell", way: "credentials", why: "not-allowed" },
    });
  });

  it("are not had by guessing a grant, or by one for something else", async () => {
    await using visit = await begin();
    await visit.grant("shell");
    const wanted = credentials(administrator, administrator.password, "script");
    const about = aboutOf({ name: "who", text: "id" });
    const { grant } = await grantOf(visit, wanted, about);
    const guessed = await elevatedShell(visit, "0".repeat(32));
    expect(await guessed.end()).toBe("not-found");
    const other = await elevatedShell(visit, grant);
    expect(await other.end()).toBe("not-found");
  });

  it("let the whole client begin anew as root in the same session, and say so", async () => {
    await using visit = await begin();
    const { representative, lsid } = visit;
    const wanted = credentials(administrator, administrator.password, "client");
    await grantOf(visit, wanted);
    const { outcome } = await representative.call("action.run", { lsid, action: "elevate" });
    expect(outcome).toBe("done");
    await visit.client.program.ended();
    await poll("it is back", async () => (await visit.state()).customerConnected);
    const { name } = customer;
    expect((await visit.state()).customer).toMatchObject({ name, isElevated: true });
    await CustomerWindow.shown(desktop);
    await desktop.screenshot(await artifact("elevation-client.png"));
    await visit.grant("shell");
    const shell = await representative.open("shell", lsid).opened();
    shell.send(shellConsoleMessage.encode({ type: "start", columns: 80, rows: 24 }));
    type(shell, "echo I am $(id -un)\r");
    await shows(shell, "I am root");
    await visit.grant("clipboard-from-customer");
    await representative.open("clipboard-from-customer", lsid).opened();
    const saved = await savedInChat(visit, "handed over");
    expect((await stat(saved)).uid).toBe((await stat(customer.home)).uid);
    for (const program of ["window", "clipboard", "chat-files"]) {
      await runsAsCustomer(`${program}-process.mjs`);
    }
    const refused = await representative.open("elevate", lsid).opened();
    await representative.call("session.end", { lsid });
    expect(await refused.end()).toBe("session-ended");
    await visit.window.dismiss();
    await poll("the client is gone", async () => (await processesWith("app.mjs")).length === 0);
  });
});

describe.runIf(mayMakeAccounts)("administrator's rights by the customer's own password", () => {
  it("are asked for in a window of the customer's computer, and can be cancelled there", async () => {
    await using visit = await begin();
    await visit.grant("shell");
    const cancelled = await visit.askPassword();
    await desktop.screenshot(await artifact("elevation-password.png"));
    await desktop.xdotool("key", "Escape");
    expect(await answered(cancelled)).toEqual({ type: "refused", why: "declined" });
    // Nor is it asked for where a program of the representative's could read it.
    const shell = await visit.representative.open("shell", visit.lsid).opened();
    shell.send(shellConsoleMessage.encode({ type: "start", columns: 80, rows: 24 }));
    await poll("the shell has started", () => shell.messages.length > 0);
    const wanted = { type: "customer", purpose: "shell" } as const;
    const channel = await visit.representative.open("elevate", visit.lsid).opened();
    channel.send(elevateConsoleMessage.encode(wanted));
    expect(await answered(channel)).toEqual({ type: "refused", why: "unguarded" });
  });

  it("are given for the password that is typed there, and ended by taking everything back", async () => {
    const { name } = customer;
    await writeFile(`/etc/sudoers.d/${name}`, `${name} ALL=(ALL) ALL\n`, { mode: 0o440 });
    await using visit = await begin();
    await visit.grant("shell");
    const channel = await visit.askPassword();
    await desktop.xdotool("type", "--delay", "60", "not the password");
    await desktop.xdotool("key", "Return");
    await poll("it was wrong", async () =>
      (await eventsOf(visit)).some(({ event }) => event === "elevation.wrong-password"),
    );
    const again = await desktop.window("Password needed");
    await desktop.xdotool("windowactivate", "--sync", again);
    await desktop.screenshot(await artifact("elevation-password-again.png"));
    await desktop.xdotool("type", "--delay", "60", customer.password);
    await desktop.xdotool("key", "Return");
    const answer = await answered(channel);
    if (answer.type === "refused") throw new Error(`refused: ${answer.why}`);
    const shell = await elevatedShell(visit, answer.grant);
    type(shell, "echo I am $(id -un)\r");
    await shows(shell, "I am root");
    await desktop.screenshot(await artifact("elevation-in-use.png"));
    await visit.window.focus();
    await desktop.xdotool("key", "alt+t");
    expect(await channel.end()).not.toBe("closed");
    await poll("nothing of it is left", async () => !(await isElevated()));
  });
});

describe.runIf(mayRunPolkit)("administrator's rights where polkit gives none", () => {
  it("are given by sudo, for the password that is typed in our window", async () => {
    const { name } = customer;
    await writeFile(`/etc/sudoers.d/${name}`, `${name} ALL=(ALL) ALL\n`, { mode: 0o440 });
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-polkit-"));
    own.defer(() => rm(folder, { recursive: true, force: true }));
    // polkit has an account of its own.
    await chmod(folder, 0o777);
    const askedFile = path.join(folder, "asked");
    await using visit = await Visit.begin({
      ...{ appliance, desktop, env: customer.environment(desktop) },
      command: besideStrictPolkit(command, askedFile),
    });
    await visit.grant("shell");
    const channel = await visit.askPassword();
    expect(existsSync(askedFile)).toBe(true);
    await desktop.xdotool("type", "--delay", "20", customer.password);
    await desktop.xdotool("key", "Return");
    expect((await answered(channel)).type).toBe("granted");
    channel.channel.close();
    await poll("nothing of it is left", async () => !(await isElevated()));
  });
});

/** Whether a program with rights that were given runs, or waits for them. */
async function isElevated(): Promise<boolean> {
  const found = await processesWith("elevated-process.mjs");
  // Whatever such a program has started bears its name in its environment.
  return found.some(({ command: line }) => line.includes("elevated-process.mjs"));
}

/** Waits for a program of the client's, and sees that it has the customer's rights and no others. */
async function runsAsCustomer(program: string): Promise<void> {
  const place = path.join(customer.home, "client", program);
  const { pid } = await poll(`${program} runs`, async () => (await processesWith(place))[0]);
  const { uid, gid } = await stat(customer.home);
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  // Real, effective, saved, and for files.
  expect(status, program).toContain(`\nUid:${`\t${uid}`.repeat(4)}\n`);
  expect(status, program).toContain(`\nGid:${`\t${gid}`.repeat(4)}\n`);
  expect(status, program).toMatch(/\nGroups:\s*\n/);
  expect(status, program).toMatch(/\nCapEff:\t0+\n/);
  const variables = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0");
  expect(variables, program).toEqual(
    expect.arrayContaining([`HOME=${customer.home}`, `USER=${customer.name}`]),
  );
}

/** A file of the representative's that the customer saves; where it is then. */
async function savedInChat({ representative, lsid, window }: Visit, text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = { name: "kept.txt", sizeBytes: bytes.length, sha256 };
  const { seq } = await representative.call("chat.offer-file", { lsid, file });
  const channel = await representative.open("chat-file", lsid).opened();
  const isSaid = (type: string) =>
    channel.messages.some((message) => chatFileMessage.decode(message).type === type);
  channel.send(chatFileMessage.encode({ type: "offer", seq }));
  await poll("the customer presses Save", async () => {
    await window.focus();
    await desktop.xdotool("key", "alt+v");
    return poll("it is taken", () => isSaid("take"), 2_000).catch(() => false);
  });
  channel.send(chatFileMessage.encode({ type: "piece", bytes }));
  await poll("it is saved", () => isSaid("saved"));
  const saved = path.join(customer.home, "Downloads", file.name);
  expect(await readFile(saved, "utf8")).toBe(text);
  return saved;
}
