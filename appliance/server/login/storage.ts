import { statfs } from "node:fs/promises";
import { HandrailError, isLsid } from "@handrail/protocol";
import { retentionShape } from "@handrail/protocol/upkeep";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { Config } from "../config.ts";
import { readStorage } from "../health/storage.ts";
import type { Broker } from "../relay/broker.ts";
import type { Retention, RetentionAuthor } from "../retention/retention.ts";
import { administrator, read } from "./context.ts";

/** What the page of storage rests on. */
export interface StorageRouteOptions {
  readonly browserSessions: BrowserSessions;
  readonly retention: Retention;
  readonly broker: Pick<Broker, "recordings" | "readSession">;
  readonly config: Config;
}

const params = z.object({ lsid: z.string().refine(isLsid, "an LSID has 32 hex digits") });
const keptForm = z.strictObject({ isKept: z.boolean() });

/** What takes room, and how long it is kept; for administrators. */
export function storageRoutes(app: FastifyInstance, options: StorageRouteOptions): void {
  const { broker, browserSessions, config, retention } = options;
  const author = async (request: FastifyRequest): Promise<RetentionAuthor> => {
    const { account } = await administrator(browserSessions, request);
    return { name: account.displayName, id: account.id };
  };

  /** GET storage → `{disk: Disk, uses: StorageUse[], retention: RetentionSettings}`. */
  app.get("/storage", async (request) => {
    await administrator(browserSessions, request);
    const { bavail, blocks, bsize } = await statfs(config.dataDirectory);
    return {
      disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
      uses: await readStorage({ settings: config, recordings: broker.recordings }),
      retention: retention.settings,
    };
  });

  /** POST storage/retention `RetentionSettings` → `{}`; what is due is deleted at once. */
  app.post("/storage/retention", async (request) => {
    const by = await author(request);
    await retention.change(read(retentionShape, request.body), by);
    return {};
  });

  /** POST sessions/:lsid/kept `{isKept}` → `{}`; all of the session is kept for ever, or not. */
  app.post("/sessions/:lsid/kept", async (request) => {
    const by = await author(request);
    const { lsid } = read(params, request.params);
    const { isKept } = read(keptForm, request.body);
    if (!broker.readSession(lsid)) throw new HandrailError("not-found", "no such session");
    await retention.keep(lsid, isKept, by);
    return {};
  });
}
