import type { FastifyInstance } from "fastify";
import type { Store } from "../store/database.ts";
import { healthPath } from "../update/health.ts";

/**
 * GET /healthz → `{ok, version}`; for everyone. 200 when the database can be read, 503 when not.
 * What watches the appliance asks it, and an update, which keeps a release only when it is well.
 */
export function healthRoutes(
  app: FastifyInstance,
  { store, version }: { store: Store; version: string },
): void {
  app.get(healthPath, (_request, reply) => {
    const ok = isReadable(store);
    return reply
      .status(ok ? 200 : 503)
      .header("cache-control", "no-store")
      .send({ ok, version });
  });
}

function isReadable({ raw }: Store): boolean {
  try {
    raw.prepare("SELECT max(number) FROM migration").get();
    return true;
  } catch {
    // Whatever keeps it from being read: the answer says so, and the log tells of it elsewhere.
    return false;
  }
}
