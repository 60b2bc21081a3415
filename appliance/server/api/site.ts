import type { FastifyInstance } from "fastify";
import { handOverPath } from "@handrail/protocol";
import type { HandOvers } from "../certificate/hand-over.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";

/** What anybody may know of a site. */
export interface SiteDescription {
  readonly siteName: string;
  readonly version: string;
  readonly identity: ShownIdentity;
  readonly handOvers: Pick<HandOvers, "all">;
}

/** What everyone may ask. */
export function siteRoutes(
  app: FastifyInstance,
  { siteName, version, identity, handOvers }: SiteDescription,
): void {
  /** GET /api/site → `{name, version, fingerprint}`. */
  app.get("/api/site", () => ({ name: siteName, version, fingerprint: identity.fingerprint }));

  /** GET /api/hand-over → `handOversShape`: from former certificates to the key of this one. */
  app.get(handOverPath, () => ({ handOvers: handOvers.all }));
}
