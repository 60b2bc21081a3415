import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { HandrailError } from "@handrail/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "../auth/account.ts";
import type { BrowserSessions } from "../auth/browser-session.ts";
import type { BackupAuthor } from "../backup/author.ts";
import { maxPassphraseLength, minPassphraseLength } from "../backup/backup-key.ts";
import type { Backups } from "../backup/backups.ts";
import { scheduleShape } from "../backup/schedule.ts";
import { Refusal } from "../refusal.ts";
import { backupTargetRoutes } from "./backup-target.ts";
import { administrator, read } from "./context.ts";

/** What the page of backups rests on. */
export interface BackupsOptions {
  readonly browserSessions: BrowserSessions;
  readonly backups: Backups;
}

const passphrase = z.string().min(minPassphraseLength).max(maxPassphraseLength);
const makeForm = z.object({ passphrase, withRecordings: z.boolean() });
const scheduleForm = z.object({ schedule: scheduleShape, passphrase: passphrase.optional() });
const params = z.object({ name: z.string().max(200) });

/** Backups on the appliance, for administrators. */
export function backupsRoutes(app: FastifyInstance, options: BackupsOptions): void {
  const { backups, browserSessions } = options;
  const author = async (request: FastifyRequest) =>
    authorOf((await administrator(browserSessions, request)).account);
  backupTargetRoutes(app, options);

  /**
   * GET backups → `{backups: [{name, sizeBytes, madeAt}], isWorking, last?: {at, name?, fault?},
   * schedule: {every: off|daily|weekly, minuteOfDay, weekday, keep, withRecordings}, nextAt?,
   * hasKey, folder, freeBytes}`. Times in Unix ms.
   */
  app.get("/backups", async (request) => {
    await administrator(browserSessions, request);
    return { ...(await backups.state()), hasKey: backups.hasKey };
  });

  /** POST backups `{passphrase, withRecordings}` → 202; `conflict` while another is made. */
  app.post("/backups", async (request, reply) => {
    const by = await author(request);
    backups.make(read(makeForm, request.body), by);
    return reply.status(202).send({});
  });

  /** POST backups/schedule `{schedule, passphrase?}` → `{}`. The first one needs a passphrase. */
  app.post("/backups/schedule", async (request) => {
    const by = await author(request);
    const form = read(scheduleForm, request.body);
    const isLacking = form.schedule.every !== "off" && !backups.hasKey;
    if (isLacking && form.passphrase === undefined) {
      throw new Refusal("bad-request", "a passphrase is needed", { field: "passphrase" });
    }
    await backups.setSchedule(form.schedule, form.passphrase, by);
    return {};
  });

  /** GET backups/:name → the file. */
  app.get("/backups/:name", async (request, reply) => {
    const by = await author(request);
    const file = await backups.take(read(params, request.params).name, by);
    const { size } = await stat(file).catch((cause: unknown) => {
      throw new HandrailError("not-found", "the backup is gone", { cause });
    });
    return reply
      .type("application/octet-stream")
      .header("content-length", size)
      .header("cache-control", "no-store")
      .header("content-disposition", `attachment; filename="${path.basename(file)}"`)
      .send(createReadStream(file));
  });

  /** DELETE backups/:name → `{}`. */
  app.delete("/backups/:name", async (request) => {
    const by = await author(request);
    await backups.remove(read(params, request.params).name, by);
    return {};
  });
}

function authorOf({ displayName: name, id }: Account): BackupAuthor {
  return { name, id };
}
