import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Accounts } from "../auth/accounts.ts";
import type { Attempts } from "../auth/attempts.ts";
import type { SetUpCode } from "../auth/set-up.ts";
import { BackupError, type BackupFault, toBackupError } from "../backup/backup-error.ts";
import { maxPassphraseLength } from "../backup/backup-key.ts";
import type { BackupUpload } from "../backup/upload.ts";
import { Refusal } from "../refusal.ts";
import type { AuditLog } from "../store/audit.ts";
import { read } from "./context.ts";

/** What restoring an appliance that is not set up rests on. */
export interface RestoreOptions {
  readonly accounts: Accounts;
  readonly setUpCode: SetUpCode;
  /** How often set-up codes may be guessed. */
  readonly attempts: Attempts;
  readonly audit: AuditLog;
  readonly upload: BackupUpload;
  /** Stops the appliance and starts it again, once the answer is on its way. */
  readonly restart: () => void;
}

/** Longest piece of a backup, bytes. */
const maxPieceBytes = 4 * 1024 * 1024;
/** Header with the set-up code: a piece has nothing but the bytes of the backup in it. */
const codeHeader = "x-handrail-set-up-code";

const place = z.object({ at: z.coerce.number().int().nonnegative() });
const form = z.object({ passphrase: z.string().min(1).max(maxPassphraseLength) });

/** A backup instead of the first administrator. Every request has the set-up code in its header. */
export function restoreRoutes(app: FastifyInstance, options: RestoreOptions): void {
  const { upload, restart } = options;
  // Without a bound of its own: it would be that of every route, also of those for everybody.
  app.addContentTypeParser(
    "application/octet-stream",
    { parseAs: "buffer" },
    (_request, body, done) => done(null, body),
  );

  /** POST restore/piece?at= (the bytes) → `{}`; `conflict` when it is not the next piece. */
  const piece = {
    bodyLimit: maxPieceBytes,
    // Before the body: nobody else makes the appliance keep so much in memory.
    onRequest: (request: FastifyRequest) =>
      Promise.resolve().then(() => mustHaveCode(options, request)),
  };
  app.post("/restore/piece", piece, async (request) => {
    const { at } = read(place, request.query);
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (await orRefusal(upload.write(at, bytes))) return {};
    throw new Refusal("conflict", "not the next piece");
  });

  /**
   * POST restore `{passphrase}` → 202 `{host, createdAt}`; the appliance starts again with what was
   * restored. `bad-request` with the fault of the backup as its field.
   */
  app.post("/restore", async (request, reply) => {
    mustHaveCode(options, request);
    const { passphrase } = read(form, request.body);
    const restoring = upload.restore(passphrase, () => mustNeedSetUp(options));
    const contents = await orRefusal(audited(options.audit, restoring));
    if (!contents) throw new Refusal("conflict", "something else is being done");
    const { host, createdAt } = contents;
    reply.raw.once("close", restart);
    return reply.status(202).header("connection", "close").send({ host, createdAt });
  });
}

/** Who has made the first administrator meanwhile keeps it. @throws BackupError `set-up` */
function mustNeedSetUp({ accounts }: RestoreOptions): void {
  if (accounts.needsSetUp) return;
  throw new BackupError("set-up", "The site was set up while the backup was read.");
}

/** @throws Refusal `too-many-attempts`, `conflict`, `not-permitted` naming `code` */
function mustHaveCode(options: RestoreOptions, request: FastifyRequest): void {
  const { accounts, attempts, setUpCode } = options;
  const admission = attempts.take(request.ip);
  if (!admission.ok) throw new Refusal("too-many-attempts", "too many set-up codes", admission);
  if (!accounts.needsSetUp) throw new Refusal("conflict", "the site is set up");
  const code = request.headers[codeHeader];
  if (typeof code !== "string" || !setUpCode.isRight(code)) {
    throw new Refusal("not-permitted", "the set-up code is wrong", { field: "code" });
  }
  attempts.forgive(request.ip);
}

/** A restore that fails is audited on the appliance that stays as it is. */
async function audited<T>(audit: AuditLog, work: Promise<T>): Promise<T> {
  return work.catch(async (error: unknown) => {
    const detail = { because: `backup-${toBackupError(error).fault}` };
    const event = "backup.restore-failed";
    await audit.append({ event, who: "operator", detail });
    throw error;
  });
}

async function orRefusal<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    const { fault, message } = toBackupError(error);
    throw new Refusal(codeOf(fault), message, { field: `backup-${fault}`, cause: error });
  });
}

function codeOf(fault: BackupFault): "disk-full" | "internal" | "bad-request" {
  if (fault === "no-space") return "disk-full";
  return fault === "failed" ? "internal" : "bad-request";
}
