import type { FastifyInstance } from "fastify";

/** What anybody may know of a site. */
export interface SiteDescription {
  readonly siteName: string;
  readonly version: string;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
}

/** GET /api/site → `{name, version, fingerprint}`; for everyone. */
export function siteRoutes(
  app: FastifyInstance,
  { siteName, version, fingerprint }: SiteDescription,
): void {
  app.get("/api/site", () => ({ name: siteName, version, fingerprint }));
}
