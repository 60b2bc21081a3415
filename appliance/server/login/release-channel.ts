import { HandrailError } from "@handrail/protocol";
import type { DebianUpdates } from "@handrail/protocol/upkeep";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { ChannelDesk } from "../machine/channel-desk.ts";
import type { UpdateDesk } from "../machine/update-desk.ts";
import { ChannelError } from "../update/channel/channel-error.ts";
import { upkeepShape } from "../update/channel/settings.ts";
import { administrator, read } from "./context.ts";
import { orRefusal } from "./updates.ts";

/** What releases from a channel rest on. */
export interface ReleaseChannelOptions {
  readonly browserSessions: BrowserSessions;
  readonly channelDesk: ChannelDesk;
  readonly updateDesk: UpdateDesk;
  readonly debian: () => Promise<DebianUpdates>;
}

/** Releases that a channel offers, and what the appliance does by itself, for administrators. */
export function releaseChannelRoutes(app: FastifyInstance, options: ReleaseChannelOptions): void {
  const { browserSessions, channelDesk: desk, debian, updateDesk } = options;
  const author = async (request: FastifyRequest) => {
    const { account } = await administrator(browserSessions, request);
    return { who: account.displayName, whoId: account.id };
  };

  /** GET updates/channel → `ReleaseChannelState`. */
  app.get("/updates/channel", async (request) => {
    await administrator(browserSessions, request);
    return desk.state;
  });

  /** PATCH updates/channel `UpkeepSettings` → `{}`. */
  app.patch("/updates/channel", async (request) => {
    const by = await author(request);
    await desk.change(read(upkeepShape, request.body), by);
    return {};
  });

  /** POST updates/channel/look → `ReleaseChannelState` after a look; what went wrong is in it. */
  app.post("/updates/channel/look", async (request) => {
    await author(request);
    await desk.look().catch((error: unknown) => {
      if (!(error instanceof ChannelError)) throw error;
    });
    return desk.state;
  });

  /** POST updates/channel/fetch → 202; the state says how it goes. */
  app.post("/updates/channel/fetch", async (request, reply) => {
    desk.beginFetch(await author(request));
    return reply.status(202).send({});
  });

  /** POST updates/channel/cancel → `{}`: what is fetched is given up. */
  app.post("/updates/channel/cancel", async (request) => {
    await author(request);
    desk.cancel();
    return {};
  });

  /** POST updates/channel/install → 202; the appliance restarts. Refused as `updates/install`. */
  app.post("/updates/channel/install", async (request, reply) => {
    const { who } = await author(request);
    const { fetchedFile } = desk;
    if (fetchedFile === undefined) throw new HandrailError("not-found", "no release is here");
    await orRefusal(() => updateDesk.install(fetchedFile, who));
    return reply.status(202).send({});
  });

  /** GET updates/debian → `DebianUpdates`. */
  app.get("/updates/debian", async (request) => {
    await administrator(browserSessions, request);
    return debian();
  });
}
