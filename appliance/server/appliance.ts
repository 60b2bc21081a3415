import { chmodSync } from "node:fs";
import path from "node:path";
import { findAccount } from "./auth/account.ts";
import { buildIdentities, type Identities } from "./auth/identities.ts";
import { Backups } from "./backup/backups.ts";
import { finishRestore } from "./backup/restore.ts";
import { settleRestore } from "./backup/settled.ts";
import { BackupUpload } from "./backup/upload.ts";
import { Challenges } from "./certificate/acme/challenges.ts";
import type { AcmeDesk } from "./certificate/acme/desk.ts";
import { openAcme } from "./certificate/acme/open.ts";
import { CertificateDesk } from "./certificate/desk.ts";
import { HandOvers } from "./certificate/hand-over.ts";
import { readTlsSettings } from "./certificate/tls-values.ts";
import type { Clock } from "./clock.ts";
import { type Config, hostOf, type Settings, withPort } from "./config.ts";
import { findIdentity, OwnIdentity } from "./certificate/own-identity.ts";
import { TicketKeys } from "./http/ticket-keys.ts";
import { addRoutes } from "./http/routes.ts";
import { createApp, type Front, listen, redirectToHttps, stopListening } from "./http/server.ts";
import { announce, type Log } from "./log.ts";
import { supportParts } from "./support/parts.ts";
import { Machine } from "./machine/machine.ts";
import { ChannelDesk } from "./machine/channel-desk.ts";
import { MachineDesk } from "./machine/machine-desk.ts";
import { Maintenance } from "./machine/maintenance.ts";
import { MachineSettings } from "./machine/machine-settings.ts";
import { SiteSettings } from "./machine/site-settings.ts";
import { UpdateDesk } from "./machine/update-desk.ts";
import { readDebian } from "./health/debian.ts";
import { liveHealth } from "./health/live-health.ts";
import { version } from "./version.ts";
import type { ShownIdentity } from "./page/shown-identity.ts";
import { Runtimes } from "./portal/runtime.ts";
import { Broker } from "./relay/broker.ts";
import { Retention } from "./retention/retention.ts";
import { MailDesk } from "./mail/desk.ts";
import { Post } from "./mail/post.ts";
import { applianceValues, publicUrlName } from "./store/appliance-values.ts";
import { AuditLog } from "./store/audit.ts";
import { RetentionStore } from "./store/retention.ts";
import { AuditCheck } from "./store/audit-check.ts";
import { lockDirectory } from "./store/data-lock.ts";
import { databaseName, openStore, type Store } from "./store/database.ts";
import { makePrivateDirectory } from "./store/files.ts";
import { SyslogDesk } from "./syslog/desk.ts";
import { SyslogExport } from "./syslog/export.ts";

/** A running appliance. Disposing stops it in good order. */
export interface Appliance extends AsyncDisposable {
  readonly port: number;
  readonly publicUrl: string;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
  /** Takes a renewed certificate over; one that cannot be used is refused in the log. */
  renewCertificate(): Promise<void>;
  /** Tells everyone who is connected that the appliance stops in so many ms and comes back. */
  announceRestart(afterMs: number): void;
}

const packAfterMs = 60_000;

/** What everything is built on. */
interface Base {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly identity: ShownIdentity;
  readonly handOvers: HandOvers;
  readonly certificateDesk: CertificateDesk;
  readonly acmeDesk: AcmeDesk;
  /** What the program was started with. */
  readonly env: NodeJS.ProcessEnv;
  /** Stops the appliance and starts it again. */
  readonly restart: () => void;
  /** What is printed is kept where others may read it: no secret goes there. */
  readonly isJournalled: boolean;
}

/**
 * Starts an appliance: opens its data, makes what is missing, builds the object graph, listens.
 * @throws Error when the data cannot be read or are in use, or the port cannot be had
 */
export async function startAppliance(
  settings: Settings,
  given: Pick<Base, "clock" | "env" | "log" | "restart" | "isJournalled">,
): Promise<Appliance> {
  const { clock, log } = given;
  await using stack = new AsyncDisposableStack();
  makePrivateDirectory(settings.dataDirectory);
  stack.use(lockDirectory(settings.dataDirectory));
  finishRestore(settings);
  makePrivateDirectory(settings.recordingsDirectory);
  const databaseFile = path.join(settings.dataDirectory, databaseName);
  const store = stack.use(openStore(databaseFile, clock));
  chmodSync(databaseFile, 0o600);
  const values = applianceValues(store);
  const first = await findIdentity(settings, { clock, values });
  const use = (keys: Buffer) => front.server.setTicketKeys(keys);
  const ticketKeys = stack.use(new TicketKeys({ values, clock, use }));
  const readTls = () => readTlsSettings(values);
  const challenges = new Challenges();
  const shown = { identity: first, tls: readTls(), ticketKeys: ticketKeys.current, challenges };
  const front: Front = await listen(settings, shown);
  const handOvers = new HandOvers(values, clock);
  const show = front.show.bind(front);
  const identity = stack.use(
    new OwnIdentity({ settings, clock, log, values, first, handOvers, readTls, show }),
  );
  stack.defer(() => stopListening(front.server, (ms) => waitFor(clock, ms)));
  const config = withPort(settings, front.port);
  const audit = stack.use(new AuditLog({ store, clock, log }));
  values.write(publicUrlName, Buffer.from(config.publicUrl));
  const live = { current: () => identity.current, take: identity.take.bind(identity) };
  const certificateDesk = new CertificateDesk({ settings, clock, audit, values, handOvers, live });
  const base = { ...given, config, store, audit, identity, handOvers, certificateDesk };
  const { acmeDesk, acmeRenewer } = openAcme({
    ...{ ...base, settings, challenges },
    certificates: certificateDesk,
  });
  stack.use(acmeRenewer);
  const broker = await openDoors({ ...base, acmeDesk }, front, stack);
  if (config.redirectPort !== "off") {
    const { publicUrl } = config;
    stack.use(
      await redirectToHttps(config.address, config.redirectPort, { publicUrl, challenges }),
    );
  }
  await settleRestore(config, { audit, log });
  acmeRenewer.look();
  const stopping = stack.move();
  return {
    port: config.port,
    publicUrl: config.publicUrl,
    fingerprint: identity.fingerprint,
    async renewCertificate() {
      await identity.renew();
      acmeRenewer.look();
    },
    announceRestart: (afterMs) => broker.announceRestart(afterMs),
    [Symbol.asyncDispose]: () => stopping.disposeAsync(),
  };
}

/** Builds the graph and lets visitors in. */
async function openDoors(base: Base, front: Front, stack: AsyncDisposableStack): Promise<Broker> {
  const { config, log } = base;
  const values = applianceValues(base.store);
  const host = hostOf(config);
  const syslogDesk = new SyslogDesk({ ...base, values, host });
  // Stops last: those who are sent away when the appliance stops are rows as well.
  const syslogExport = stack.use(new SyslogExport({ ...base, values, host }));
  // Each of the two needs the other, but only once visitors come.
  const identities = buildIdentities(base, {
    revokeAccount: (id, code) => broker.revokeAccount(id, code),
    reviewAccount: (id) => broker.reviewAccount(id),
    endGrant: (grant) => broker.endGrant(grant),
  });
  stack.use(identities.refusals);
  const mailDesk = new MailDesk({ ...base, ...config, values, host });
  const broker: Broker = new Broker({
    ...base,
    keyCourier: mailDesk,
    siteName: config.siteName,
    authenticate: (accessToken) => identities.grants.authenticate(accessToken),
    account: (id) => findAccount(identities.representatives, id),
  });
  stack.defer(() => broker.close());
  const runtimes = new Runtimes({ ...base, ...config });
  const startedAt = base.clock.now();
  const auditCheck = new AuditCheck(path.join(config.dataDirectory, databaseName));
  const backups = stack.use(new Backups({ ...base, settings: config, values }));
  const retention = stack.use(
    new Retention({
      ...{ ...base, ...config, values, recordings: broker.recordings },
      retention: new RetentionStore(base.store),
      isBeingRead: () => backups.isWorking,
    }),
  );
  const upload = new BackupUpload(config);
  const health = liveHealth({ ...base, backups, startedAt });
  const post = stack.use(new Post({ ...base, ...config, values, host, health }));
  const machine = new Machine(config.machineSocket);
  const machineSettings = new MachineSettings(config.settingsSocket);
  const updateDesk = stack.use(new UpdateDesk({ ...base, ...config, machine, values }));
  const machineDesk = stack.use(
    new MachineDesk({ ...base, machine, values, settings: machineSettings }),
  );
  const channelDesk = stack.use(new ChannelDesk({ ...base, ...config, values, version }));
  const debian = () => readDebian({ ...config, now: base.clock.now() });
  stack.use(
    new Maintenance({
      ...{ ...base, values, channelDesk, machineDesk, updateDesk },
      isBusy: () => backups.isWorking,
      needsRestart: async () => (await debian()).restart.isNeeded,
    }),
  );
  const sources = { settings: config, store: () => base.store, health, machine, machineSettings };
  const made = { auditCheck, backups, broker, retention, runtimes, startedAt, updateDesk, upload };
  const parts = {
    ...base,
    ...identities,
    ...made,
    channelDesk,
    debian,
    health,
    machineDesk,
    siteSettings: new SiteSettings(base.env, base.audit),
    mailDesk,
    post,
    supportParts: supportParts(sources),
    syslogDesk,
    syslogExport,
  };
  const app = await createApp(config, log, (routes) => addRoutes(routes, parts));
  stack.defer(() => app.close());
  offerSetUp(identities, base);
  // A start has better things to do than packing; a visitor who is quicker begins it at once.
  stack.use(base.clock.after(packAfterMs, () => void runtimes.get("linux-x64")));
  front.open({
    request: (request, response) => app.routing(request, response),
    upgrade: (request, socket, head) => broker.handleUpgrade(request, socket, head),
  });
  return broker;
}

/** Shows the set-up code when there is no account yet: a new one, for the old is only a hash. */
function offerSetUp(
  { accounts, setUpCode }: Identities,
  { isJournalled }: Pick<Base, "isJournalled">,
): void {
  if (!accounts.needsSetUp || setUpCode.isWaiting) return;
  const code = setUpCode.renew();
  const { file } = setUpCode;
  announce("set-up.offered", isJournalled ? { file } : { setUpCode: code, file });
}

function waitFor(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
}
