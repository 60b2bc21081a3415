import { statfs } from "node:fs/promises";
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditCheck } from "../store/audit-check.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";
import { administrator } from "./context.ts";

/** What is counted while the appliance runs. */
export interface LiveCounts {
  clients(): { console: number; customer: number };
  seatsInUse(): number;
}

/** What the status page rests on. */
export interface StatusOptions {
  readonly browserSessions: BrowserSessions;
  readonly live: LiveCounts;
  readonly audit: AuditLog;
  readonly auditCheck: AuditCheck;
  readonly seats: number;
  readonly version: string;
  readonly identity: ShownIdentity;
  readonly startedAt: number;
  readonly dataDirectory: string;
}

/** How the appliance is; for administrators. */
export function statusRoutes(app: FastifyInstance, options: StatusOptions): void {
  const { audit, browserSessions, live } = options;

  /**
   * GET status → `{hostName, version, fingerprint, certificate: Lifetime, startedAt, clients: {console,
   * customer}, seats: {used, total}, disk: {freeBytes, totalBytes}, audit: {rows, intact, head}}`.
   * The audit log is read as a whole to say whether it is intact.
   */
  app.get("/status", async (request) => {
    await administrator(browserSessions, request);
    const disk = await statfs(options.dataDirectory);
    const { intact } = await options.auditCheck.verify();
    return {
      hostName: hostname(),
      version: options.version,
      fingerprint: options.identity.fingerprint,
      certificate: options.identity.life,
      startedAt: options.startedAt,
      clients: live.clients(),
      seats: { used: live.seatsInUse(), total: options.seats },
      disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
      audit: { ...audit.status(), intact },
    };
  });
}
