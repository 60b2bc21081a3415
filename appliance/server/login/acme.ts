import { type AcmeAnswer, acmeFormShape, type AcmeView } from "@handrail/protocol/upkeep";
import type { FastifyInstance } from "fastify";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { AcmeDesk } from "../certificate/acme/desk.ts";
import { administrator, read } from "./context.ts";

/** What the page's part about certificates that are got by themselves rests on. */
export interface AcmeOptions {
  readonly browserSessions: BrowserSessions;
  readonly acmeDesk: AcmeDesk;
}

/** The certificate that is got by itself (ACME), for administrators. */
export function acmeRoutes(app: FastifyInstance, options: AcmeOptions): void {
  const { acmeDesk: desk, browserSessions } = options;

  /** GET certificate/acme → `AcmeView`. */
  app.get("/certificate/acme", async (request): Promise<AcmeView> => {
    await administrator(browserSessions, request);
    return desk.view;
  });

  /** POST certificate/acme `AcmeForm` → `AcmeAnswer`; it is tried at once when it is `ok`. */
  app.post("/certificate/acme", async (request): Promise<AcmeAnswer> => {
    const { account: by } = await administrator(browserSessions, request);
    return desk.set(read(acmeFormShape, request.body), by);
  });

  /** POST certificate/acme/try → `{}`; `conflict` while it is off, `too-many-attempts`. */
  app.post("/certificate/acme/try", async (request) => {
    const { account: by } = await administrator(browserSessions, request);
    await desk.want(by);
    return {};
  });

  /** DELETE certificate/acme → `{}`: none is got any more; `conflict` while it is off. */
  app.delete("/certificate/acme", async (request) => {
    const { account: by } = await administrator(browserSessions, request);
    await desk.stop(by);
    return {};
  });
}
