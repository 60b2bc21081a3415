import type { FastifyInstance } from "fastify";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { CertificateDesk } from "../certificate/desk.ts";
import { type Config, siteChangesShape } from "../config.ts";
import type { SiteSettings } from "../machine/site-settings.ts";
import { Refusal } from "../refusal.ts";
import { administrator, read } from "./context.ts";

/** What the page of the site rests on. */
export interface SitePageOptions {
  readonly browserSessions: BrowserSessions;
  readonly certificateDesk: CertificateDesk;
  readonly config: Config;
  readonly siteSettings: SiteSettings;
}

/** What the site is to people, for administrators. */
export function sitePageRoutes(app: FastifyInstance, options: SitePageOptions): void {
  const { browserSessions, certificateDesk, config, siteSettings } = options;
  const { siteName, publicUrl, seats } = config;
  const inForce = { siteName, publicUrl, seats };

  /**
   * GET site → `{inForce, kept, changeable, isCertified}`: the values that hold, those that will from
   * the next start on, the fields that can be changed here, and whether the certificate that is shown
   * is for the kept address.
   */
  app.get("/site", async (request) => {
    await administrator(browserSessions, request);
    const kept = siteSettings.kept(inForce);
    const isCertified = certificateDesk.isFor(kept.publicUrl);
    return { inForce, kept, changeable: siteSettings.changeable, isCertified };
  });

  /** PATCH site `{siteName?, publicUrl?, seats?}` → `{}`: they hold from the next start on. */
  app.patch("/site", async (request) => {
    const { account } = await administrator(browserSessions, request);
    const changes = read(siteChangesShape, request.body);
    const { publicUrl: wanted } = changes;
    // A server whose files are for another name does not start.
    if (wanted !== undefined && config.tlsCertificateFile !== undefined) {
      if (!certificateDesk.isFor(wanted)) {
        const message = "the certificate in the server's files is for another name";
        throw new Refusal("not-permitted", message, { field: "publicUrl" });
      }
    }
    await siteSettings.change(changes, { who: account.displayName, whoId: account.id });
    return {};
  });
}
