import { HandrailError } from "@handrail/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { Backups } from "../backup/backups.ts";
import { targetFormShape } from "../backup/target/target.ts";
import { toTargetError } from "../backup/target/target-error.ts";
import { administrator, read } from "./context.ts";

/** What the target of backups rests on. */
export interface BackupTargetOptions {
  readonly browserSessions: BrowserSessions;
  readonly backups: Pick<Backups, "sending" | "target">;
}

const changeForm = targetFormShape.partial();
const nameForm = z.strictObject({ name: z.string().max(200) });

/** Where backups are sent, for administrators. Secrets come in and never go out. */
export function backupTargetRoutes(app: FastifyInstance, options: BackupTargetOptions): void {
  const { browserSessions } = options;
  const { sending, target: desk } = options.backups;
  const author = async (request: FastifyRequest) => {
    const { account } = await administrator(browserSessions, request);
    return { name: account.displayName, id: account.id };
  };

  /** GET backups/target → `BackupTargetState`. */
  app.get("/backups/target", async (request) => {
    await administrator(browserSessions, request);
    return desk.state;
  });

  /** PATCH backups/target `{target, secret?}` → `{}`; without a target they stay here. */
  app.patch("/backups/target", async (request) => {
    const by = await author(request);
    const form = read(changeForm, request.body);
    const { target, secret } = form;
    await desk.change(target && { target, secret }, by);
    return {};
  });

  /** POST backups/target/try `{target, secret?}` → `BackupTargetOutcome`; changes nothing. */
  app.post("/backups/target/try", async (request) => {
    const by = await author(request);
    return desk.try(read(targetFormShape, request.body), by);
  });

  /** POST backups/target/send → `{}`: what waits is tried at once. */
  app.post("/backups/target/send", async (request) => {
    await author(request);
    sending.wake();
    return {};
  });

  /** POST backups/target/cancel → `{}`: what is sent and what waits is not sent any more. */
  app.post("/backups/target/cancel", async (request) => {
    await sending.cancel(await author(request));
    return {};
  });

  /** GET backups/target/files → `{files: RemoteBackup[]}` or `BackupTargetTrouble`. */
  app.get("/backups/target/files", async (request) => {
    await administrator(browserSessions, request);
    try {
      return { files: await desk.list() };
    } catch (error) {
      if (error instanceof HandrailError) throw error;
      const { fault, fingerprint } = toTargetError(error);
      return { fault, fingerprint };
    }
  });

  /** POST backups/target/fetch `{name}` → 202; it appears among the backups of the appliance. */
  app.post("/backups/target/fetch", async (request, reply) => {
    const by = await author(request);
    desk.beginFetch(read(nameForm, request.body).name, by);
    return reply.status(202).send({});
  });
}
