import type { FastifyInstance } from "fastify";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { Backups } from "../backup/backups.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { readHealth } from "../health/health.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";
import { administrator } from "./context.ts";

/** What the page of health rests on. */
export interface HealthOptions {
  readonly browserSessions: BrowserSessions;
  readonly backups: Backups;
  readonly clock: Clock;
  readonly config: Config;
  readonly identity: Pick<ShownIdentity, "expiresAt">;
  /** Unix ms. */
  readonly startedAt: number;
}

/** How the machine and the appliance are, for administrators. */
export function healthPageRoutes(app: FastifyInstance, options: HealthOptions): void {
  const { backups, browserSessions, clock, config, identity, startedAt } = options;

  /** GET health → `HealthReport` of the protocol. */
  app.get("/health", async (request) => {
    await administrator(browserSessions, request);
    const { last, schedule } = await backups.state();
    const hasFailed = last?.fault !== undefined;
    return readHealth({
      settings: config,
      certificateEndsAt: identity.expiresAt,
      backup: { isScheduled: schedule.every !== "off", hasFailed },
      startedAt,
      now: clock.now(),
    });
  });
}
