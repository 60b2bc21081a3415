#!/usr/bin/env node
/**
 * The operator's command on the appliance's own machine. It reads the same settings as the
 * appliance and works on its data, whether it runs or not.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { toAccount } from "./auth/account.ts";
import { certificateCommand, type CommandBase } from "./certificate/command.ts";
import { ConsoleCredentials } from "./auth/console-credential.ts";
import { OneTimePasswords, oneTimePasswordLifetimeMs } from "./auth/one-time-password.ts";
import { secondFactorCommand } from "./auth/second-factor-command.ts";
import { SetUpCode } from "./auth/set-up.ts";
import { BackupError } from "./backup/backup-error.ts";
import { backupCommand, restoreCommand } from "./backup/command.ts";
import { targetCommand } from "./backup/target/command.ts";
import { systemClock } from "./clock.ts";
import { ConfigError, hostOf, readSettings, type Settings } from "./config.ts";
import { healthCommand, type HealthCommandBase, readHealthBeside } from "./health/command.ts";
import { mailCommand } from "./mail/command.ts";
import { findIdentity } from "./certificate/own-identity.ts";
import { readGivenIdentity } from "./certificate/certificate-files.ts";
import { loadIdentity } from "./certificate/identity.ts";
import { complain, createLog, print } from "./log.ts";
import { channelCommand } from "./machine/channel-command.ts";
import { type MachineCommand, machineCommand, unrecorded } from "./machine/command.ts";
import { Machine } from "./machine/machine.ts";
import { MachineDesk } from "./machine/machine-desk.ts";
import { MachineSettings } from "./machine/machine-settings.ts";
import { siteCommand } from "./machine/site-command.ts";
import { applianceValues, publicUrlName } from "./store/appliance-values.ts";
import { AuditLog } from "./store/audit.ts";
import { verifyAudit } from "./store/audit-verify.ts";
import { consoleCredentialStore } from "./store/console-credentials.ts";
import { databaseName, openStore, type Store } from "./store/database.ts";
import { type Representative, Representatives } from "./store/representatives.ts";
import { supportBundleCommand } from "./support/command.ts";
import { syslogCommand } from "./syslog/command.ts";
import { seedCommand } from "./seed/command.ts";
import { resetCommand } from "./seed/reset-command.ts";
import { updateCommand } from "./update/command.ts";

const usage = `Usage: handrail <command>
  verify                                      says whether the audit log is as it was written
  set-up-code [--renew]                       shows the code for the first administrator
  console-credential --representative NAME    makes a credential for a console, as JSON
  administrator-password --name NAME          makes a password for one sign-in at /login
  site [--name NAME] [--address URL] [--seats N]
                                              shows and sets what the site is called, where people
                                              reach it, how many may work at once
  backup [--to FOLDER] [--recordings]         makes a backup, and asks for its passphrase
  backup target …                             sends backups to another machine, and fetches them
  restore FILE [--replace]                    puts a backup in the place of the data
  restore --undo                              takes a restore back, until the appliance has started
                                              (both: --passphrase-file FILE or --passphrase-fd N)
  health [--json]                             says how the machine and the appliance are
  support-bundle [--out FILE | --offer]       writes what helps whoever helps you, without secrets,
                                              or offers it where the server does not run
  second-factor reset NAME                    takes a lost second factor from an account
  certificate …                               shows and changes the certificate, and TLS
  syslog …                                    sends the audit log to a syslog server
  mail …                                      says how mail is sent, and sends test mails
  network … time … proxy … ssh … host-name …  shows and changes the machine's own settings
  restart [--server], power-off               of the machine, or of the server alone
  update …                                    installs releases, on the appliance's image
  update channel …                            says where releases are looked for, and when they are
                                              installed by themselves
  seed …                                      sets a new appliance up without a hand
  factory-reset                               makes the image's appliance a new one`;

/** A reason to stop that the operator can do something about; in French where that is asked for. */
class Stop extends Error {
  constructor(en: string, { fr = en, ...options }: ErrorOptions & { fr?: string } = {}) {
    super(process.env.HANDRAIL_LANGUAGE === "fr" ? fr : en, options);
  }
}

process.umask(0o077);
process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  const isTold = [Stop, ConfigError, BackupError].some((known) => error instanceof known);
  if (!isTold || !(error instanceof Error)) throw error;
  complain(error.message);
  return 1;
});

async function run([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case "verify":
      return verify();
    case "set-up-code":
      return showSetUpCode(args);
    case "console-credential":
      return makeConsoleCredential(args);
    case "administrator-password":
      return makeAdministratorPassword(args);
    case "site":
      return withData((base) => siteCommand(args, base));
    case "backup":
      if (args[0] === "target") return withData((base) => targetCommand(args.slice(1), base));
      return backupCommand(args, readSettings(process.env));
    case "restore":
      return restoreCommand(args, readSettings(process.env));
    case "health":
      return withData((base) => showHealth(args, base));
    case "support-bundle":
      return makeSupport(args);
    case "second-factor":
      return withData((base) => secondFactorCommand(args, base));
    case "certificate":
      return withData((base) => certificateCommand(args, base));
    case "syslog":
      return withData((base) => syslogCommand(args, base));
    case "mail":
      return withData((base) => mailCommand(args, base));
    case "network":
    case "time":
    case "proxy":
    case "ssh":
    case "host-name":
    case "restart":
    case "power-off":
      return changeMachine(command, args);
    case "update":
      if (args[0] === "channel") return withData((base) => channelCommand(args.slice(1), base));
      return updateCommand(args, process.env);
    case "seed":
      return seedCommand(args, process.env);
    case "factory-reset":
      return resetCommand(args);
    default:
      complain(usage);
      return command === undefined || command === "help" ? 0 : 2;
  }
}

/** Where there is no site yet, or never one, nothing is written down. */
async function changeMachine(command: MachineCommand, args: string[]): Promise<number> {
  const settings = new MachineSettings(readSettings(process.env).settingsSocket);
  const { dataDirectory, machineSocket } = readSettings(process.env);
  if (!existsSync(path.join(dataDirectory, databaseName))) {
    return machineCommand(command, args, unrecorded(settings));
  }
  return withData(async ({ audit, store }) => {
    using desk = new MachineDesk({
      ...{ audit, settings, clock: systemClock, log: createLog("error", complain) },
      ...{ machine: new Machine(machineSocket), values: applianceValues(store) },
    });
    return await machineCommand(command, args, desk);
  });
}

async function showHealth(args: string[], base: CommandBase): Promise<number> {
  return healthCommand(args, await withCertificate(base));
}

async function makeSupport(args: string[]): Promise<number> {
  const { settings, fault } = settingsForSupport();
  using owned = new DisposableStack();
  const data = dataForSupport(settings, owned);
  const mustRead = () => {
    if (data) return data;
    throw new Error("the data cannot be read");
  };
  return await supportBundleCommand(args, {
    ...{ settings, settingsFault: fault, clock: systemClock, audit: data?.audit },
    machine: new Machine(settings.machineSocket),
    machineSettings: new MachineSettings(settings.settingsSocket),
    store: () => mustRead().store,
    health: async () => readHealthBeside(await withCertificate({ settings, ...mustRead() })),
    identity: async () => {
      const now = systemClock.now();
      if (data) {
        return findIdentity(settings, { clock: systemClock, values: applianceValues(data.store) });
      }
      return (
        readGivenIdentity(settings, now) ??
        loadIdentity(settings.dataDirectory, hostOf(settings), now)
      );
    },
  });
}

/** Settings that keep the server from starting are told of in the bundle, which is made with the defaults. */
function settingsForSupport(): { settings: Settings; fault?: string } {
  try {
    return { settings: readSettings(process.env) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(`${error.message} The bundle is made without the settings.`);
    const { HANDRAIL_CONFIG: _, ...env } = process.env;
    // As on the image, where the file says so.
    const settings = readSettings({ HANDRAIL_ADDRESS: "::", ...env });
    return { settings, fault: error.message };
  }
}

/** Where the data cannot be read a bundle is needed most, and has what can be had without them. */
function dataForSupport(settings: Settings, owned: DisposableStack) {
  try {
    const store = owned.use(openData(settings));
    return { store, audit: owned.use(openAudit(store)) };
  } catch (error) {
    complain(`${error instanceof Error ? error.message : ""} The bundle is made without the data.`);
    return undefined;
  }
}

async function withCertificate(base: CommandBase): Promise<HealthCommandBase> {
  const values = applianceValues(base.store);
  const { life } = await findIdentity(base.settings, { clock: systemClock, values });
  return { ...base, certificate: life };
}

/** Exit code 0 when intact, 1 when not; says which row is the first that is wrong. */
function verify(): number {
  using store = openData(readSettings(process.env));
  const verdict = verifyAudit(store);
  if (verdict.intact) print(`intact: ${verdict.rows} rows, head ${verdict.head}`);
  else print(`not intact: row ${verdict.seq}: ${verdict.because}`);
  return verdict.intact ? 0 : 1;
}

/** Prints the code alone on a line. `--renew` makes a new one, when the file has been lost. */
function showSetUpCode(args: string[]): number {
  const { values } = parse(() => parseArgs({ args, options: { renew: { type: "boolean" } } }));
  const settings = readSettings(process.env);
  using store = openData(settings);
  if (!new Representatives(store).isEmpty()) {
    throw new Stop("The site is set up: sign in at /login, no code is needed.");
  }
  const code = new SetUpCode(applianceValues(store), settings.dataDirectory);
  const isLost = !code.isWaiting || !existsSync(code.file);
  print(values.renew || isLost ? code.renew() : readFileSync(code.file, "utf8").trim());
  return 0;
}

/** Prints `{url, fingerprint, credential}`; the credential is good until it is revoked. */
async function makeConsoleCredential(args: string[]): Promise<number> {
  const options = { representative: { type: "string" } } as const;
  const { values } = parse(() => parseArgs({ args, options }));
  if (values.representative === undefined) throw new Stop(usage);
  const settings = readSettings(process.env);
  using store = openData(settings);
  const found = await findEnabled(store, values.representative);
  const kept = applianceValues(store);
  const url = kept.read(publicUrlName)?.toString();
  if (url === undefined) throw new Stop("Start the appliance once, so that its address is known.");
  const { fingerprint } = await findIdentity(settings, { clock: systemClock, values: kept });
  using audit = openAudit(store);
  const credentials = new ConsoleCredentials({
    store: consoleCredentialStore(store),
    audit,
    clock: systemClock,
  });
  const making = credentials.make(toAccount(found));
  // A timer of the log keeps nobody awake: what waits is written now.
  audit.flush();
  print(JSON.stringify({ url, fingerprint, credential: await making }));
  return 0;
}

/**
 * Prints a password alone on a line: good once and for an hour, whoever has locked the name or
 * forgotten the password. Whoever may run this has the machine, and so the appliance, anyway.
 */
async function makeAdministratorPassword(args: string[]): Promise<number> {
  const { values } = parse(() => parseArgs({ args, options: { name: { type: "string" } } }));
  if (values.name === undefined) throw new Stop(usage);
  using store = openData(readSettings(process.env));
  const { id, name, role } = await findEnabled(store, values.name);
  if (role !== "administrator") {
    throw new Stop(`${name} is no administrator, who can give ${name} a new password at /login.`, {
      fr: `${name} n'est pas administrateur ; un administrateur peut lui donner un mot de passe sur /login.`,
    });
  }
  const kept = applianceValues(store);
  let password = "";
  using audit = openAudit(store);
  const making = audit.append(
    { event: "one-time-password.made", who: "operator", detail: { account: name } },
    { also: () => void (password = new OneTimePasswords(kept, systemClock).make(id)) },
  );
  audit.flush();
  await making;
  print(password);
  const minutes = oneTimePasswordLifetimeMs / 60_000;
  const url = kept.read(publicUrlName)?.toString() ?? "";
  complain(
    `Good once, for ${minutes} minutes: sign in as ${name} at ${url}/login, and set a new ` +
      "password there under Representatives.",
  );
  return 0;
}

/** @throws Stop when there is no such account, or it is disabled */
async function findEnabled(store: Store, name: string): Promise<Representative> {
  const found = await new Representatives(store).findByName(name);
  if (!found) {
    throw new Stop(`There is no representative ${name}.`, {
      fr: `Il n'y a pas de représentant ${name}.`,
    });
  }
  if (found.disabledAt !== undefined) {
    throw new Stop(`${found.name} is disabled.`, { fr: `${found.name} est désactivé.` });
  }
  return found;
}

async function withData(work: (base: CommandBase) => Promise<number>): Promise<number> {
  const settings = readSettings(process.env);
  using store = openData(settings);
  using audit = openAudit(store);
  return await work({ settings, store, audit });
}

function openAudit(store: Store): AuditLog {
  return new AuditLog({ store, clock: systemClock, log: createLog("error", complain) });
}

function openData({ dataDirectory }: Settings): Store {
  const file = path.join(dataDirectory, databaseName);
  if (existsSync(file)) return openStore(file);
  throw new Stop(
    `There is no appliance in ${dataDirectory}: set HANDRAIL_DATA_DIRECTORY, or start it once.`,
  );
}

function parse<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Stop(usage, { cause });
  }
}
