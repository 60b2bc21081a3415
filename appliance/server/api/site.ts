import type { FastifyInstance } from "fastify";
import type { ShownIdentity } from "../page/shown-identity.ts";

/** What anybody may know of a site. */
export interface SiteDescription {
  readonly siteName: string;
  readonly version: string;
  readonly identity: ShownIdentity;
}

/** GET /api/site → `{name, version, fingerprint}`; for everyone. */
export function siteRoutes(
  app: FastifyInstance,
  { siteName, version, identity }: SiteDescription,
): void {
  app.get("/api/site", () => ({ name: siteName, version, fingerprint: identity.fingerprint }));
}
