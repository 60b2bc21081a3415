import type { DebianUpdates, HealthReport } from "@handrail/protocol/upkeep";
import type { FastifyInstance } from "fastify";
import { authorizeRoutes } from "../api/authorize.ts";
import { devicePageRoutes } from "../api/device.ts";
import { healthRoutes } from "../api/health.ts";
import { oauthRoutes } from "../api/oauth.ts";
import { recordingRoutes } from "../api/recording.ts";
import { siteRoutes } from "../api/site.ts";
import type { Identities } from "../auth/identities.ts";
import type { Backups } from "../backup/backups.ts";
import type { BackupUpload } from "../backup/upload.ts";
import type { AcmeDesk } from "../certificate/acme/desk.ts";
import type { CertificateDesk } from "../certificate/desk.ts";
import type { HandOvers } from "../certificate/hand-over.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { acmeRoutes } from "../login/acme.ts";
import { auditRoutes } from "../login/audit.ts";
import { backupsRoutes } from "../login/backups.ts";
import { certificateRoutes } from "../login/certificate.ts";
import { definitionsRoutes } from "../login/definitions.ts";
import { entryRoutes } from "../login/entry.ts";
import { machineRoutes } from "../login/machine.ts";
import { healthPageRoutes } from "../login/health.ts";
import { supportRoutes } from "../login/support.ts";
import type { SupportPart } from "../support/parts.ts";
import { mailRoutes } from "../login/mail.ts";
import { loginPages } from "../login/pages.ts";
import { representativesRoutes } from "../login/representatives.ts";
import { restoreRoutes } from "../login/restore.ts";
import { secondFactorRoutes } from "../login/second-factor.ts";
import { secondStepRoutes } from "../login/second-step.ts";
import { sessionsRoutes } from "../login/sessions.ts";
import { sitePageRoutes } from "../login/site.ts";
import { statusRoutes } from "../login/status.ts";
import { storageRoutes } from "../login/storage.ts";
import { surveysRoutes } from "../login/surveys.ts";
import { syslogRoutes } from "../login/syslog.ts";
import { teamsRoutes } from "../login/teams.ts";
import { releaseChannelRoutes } from "../login/release-channel.ts";
import { updatesRoutes } from "../login/updates.ts";
import type { MailDesk } from "../mail/desk.ts";
import type { Post } from "../mail/post.ts";
import type { ChannelDesk } from "../machine/channel-desk.ts";
import type { MachineDesk } from "../machine/machine-desk.ts";
import type { SiteSettings } from "../machine/site-settings.ts";
import type { UpdateDesk } from "../machine/update-desk.ts";
import { assetRoutes } from "../page/assets.ts";
import { portalRoutes } from "../portal/routes.ts";
import type { Runtimes } from "../portal/runtime.ts";
import type { Broker } from "../relay/broker.ts";
import type { Retention } from "../retention/retention.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditCheck } from "../store/audit-check.ts";
import type { Store } from "../store/database.ts";
import type { SyslogDesk } from "../syslog/desk.ts";
import type { SyslogExport } from "../syslog/export.ts";
import { version } from "../version.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";

/** What the routes rest on. */
export interface RouteParts extends Identities {
  readonly config: Config;
  readonly identity: ShownIdentity;
  readonly handOvers: HandOvers;
  readonly certificateDesk: CertificateDesk;
  readonly acmeDesk: AcmeDesk;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly auditCheck: AuditCheck;
  readonly backups: Backups;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly health: () => Promise<HealthReport>;
  readonly supportParts: readonly SupportPart[];
  readonly mailDesk: MailDesk;
  readonly post: Post;
  readonly retention: Retention;
  readonly runtimes: Runtimes;
  readonly syslogDesk: SyslogDesk;
  readonly syslogExport: SyslogExport;
  readonly updateDesk: UpdateDesk;
  readonly channelDesk: ChannelDesk;
  readonly debian: () => Promise<DebianUpdates>;
  readonly machineDesk: MachineDesk;
  readonly siteSettings: SiteSettings;
  /** For a backup that is to be restored. */
  readonly upload: BackupUpload;
  /** Stops the appliance and starts it again. */
  readonly restart: () => void;
  /** Unix ms. */
  readonly startedAt: number;
}

/** Everything that the appliance answers over HTTP. */
export async function addRoutes(app: FastifyInstance, parts: RouteParts): Promise<void> {
  const { broker, config, identity } = parts;
  const { siteName } = config;
  assetRoutes(app);
  portalRoutes(app, {
    ...config,
    sessions: broker,
    runtimes: parts.runtimes,
    identity,
  });
  siteRoutes(app, { ...parts, siteName, version });
  healthRoutes(app, { store: parts.store, version });
  recordingRoutes(app, { ...parts, archive: broker });
  oauthRoutes(app, { ...parts, publicUrl: config.publicUrl });
  authorizeRoutes(app, { ...parts, siteName });
  devicePageRoutes(app, { ...parts, siteName });
  await app.register(
    async (login) => {
      entryRoutes(login, { ...parts, siteName, version });
      secondStepRoutes(login, parts);
      secondFactorRoutes(login, parts);
      representativesRoutes(login, parts);
      teamsRoutes(login, { ...parts, site: broker });
      surveysRoutes(login, { ...parts, site: broker });
      definitionsRoutes(login, { ...parts, site: broker });
      sessionsRoutes(login, { ...parts, archive: broker });
      auditRoutes(login, parts);
      backupsRoutes(login, parts);
      restoreRoutes(login, parts);
      machineRoutes(login, { ...parts, live: broker });
      updatesRoutes(login, { ...parts, version });
      releaseChannelRoutes(login, parts);
      certificateRoutes(login, parts);
      acmeRoutes(login, parts);
      sitePageRoutes(login, parts);
      syslogRoutes(login, parts);
      mailRoutes(login, parts);
      healthPageRoutes(login, parts);
      storageRoutes(login, parts);
      supportRoutes(login, parts);
      statusRoutes(login, { ...parts, ...config, live: broker, version });
    },
    { prefix: "/login/api" },
  );
  await loginPages(app, config.loginDirectory);
}
