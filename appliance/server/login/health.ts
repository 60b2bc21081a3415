import type { FastifyInstance } from "fastify";
import type { HealthReport } from "@handrail/protocol/upkeep";
import type { BrowserSessions } from "../auth/browser-session.ts";
import { administrator } from "./context.ts";

/** What the page of health rests on. */
export interface HealthOptions {
  readonly browserSessions: BrowserSessions;
  readonly health: () => Promise<HealthReport>;
}

/** How the machine and the appliance are, for administrators. */
export function healthPageRoutes(app: FastifyInstance, options: HealthOptions): void {
  const { browserSessions, health } = options;

  /** GET health → `HealthReport` of the protocol. */
  app.get("/health", async (request) => {
    await administrator(browserSessions, request);
    return health();
  });
}
