import type { FastifyInstance } from "fastify";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import { makeSupportBundle, supportBundleName } from "../support/bundle.ts";
import type { SupportPart } from "../support/parts.ts";
import { administrator } from "./context.ts";

/** What the bundle for support rests on. */
export interface SupportOptions {
  readonly audit: AuditLog;
  readonly browserSessions: BrowserSessions;
  readonly clock: Clock;
  readonly supportParts: readonly SupportPart[];
}

/** What helps whoever helps the administrators; for administrators. */
export function supportRoutes(app: FastifyInstance, options: SupportOptions): void {
  const { audit, browserSessions, clock, supportParts } = options;

  /** GET support-bundle → tar.gz; who had it made is in the audit log before its first byte is sent. */
  app.get("/support-bundle", async (request, reply) => {
    const { account } = await administrator(browserSessions, request);
    const gone = new AbortController();
    request.raw.once("close", () => gone.abort());
    const at = clock.now();
    const bundle = await makeSupportBundle(supportParts, { at, signal: gone.signal });
    const { displayName: who, id: whoId } = account;
    await audit.append({ event: "support.bundle-made", who, whoId });
    return reply
      .type("application/gzip")
      .header("cache-control", "no-store")
      .header("content-disposition", `attachment; filename="${supportBundleName(at)}"`)
      .send(bundle);
  });
}
