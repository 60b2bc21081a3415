import { createReadStream } from "node:fs";
import { type ArrivalStep, HandrailError, type Lsid, parseSessionKey } from "@handrail/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { isLanguage, type Language } from "../page/language.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";
import { languageOf, sendPage } from "../page/visitor.ts";
import { keyPage, overPage, startPage } from "./pages.ts";
import { platforms, type Runtimes } from "./runtime.ts";
import {
  type JoinConfiguration,
  makeStarter,
  startCommand,
  starterName,
  terminalCommand,
} from "./starter.ts";
import { portalTexts } from "./text.ts";

/** What a ticket is for. `hasJoined`: the customer's client has connected with it. */
export interface TicketFacts {
  readonly lsid: Lsid;
  readonly representative: string;
  readonly hasJoined: boolean;
}

/** What the portal asks of the sessions. */
export interface SessionDoor {
  /** Exchanges a typed key for a ticket, once. */
  redeemKey(
    typed: string,
    address: string,
  ): Promise<
    | { ok: true; lsid: Lsid; ticket: string; representative: string; queueName: string }
    | { ok: false; code: "key-refused" | "too-many-attempts"; retryAfterMs?: number }
  >;
  /** A customer with a ticket has come further; an unknown ticket is ignored. */
  reachedStep(ticket: string, step: ArrivalStep): void;
  /** What a ticket is for; undefined when it is unknown or its session has ended. */
  describeTicket(ticket: string): Promise<TicketFacts | undefined>;
}

/** What the public site is made with. */
export interface PortalOptions {
  readonly sessions: SessionDoor;
  readonly runtimes: Runtimes;
  readonly siteName: string;
  readonly publicUrl: string;
  readonly identity: ShownIdentity;
}

const ticketCookie = "handrail_ticket";
const ticketHeader = "handrail-ticket";
const cookieOptions = {
  path: "/start",
  httpOnly: true,
  secure: true,
  sameSite: "strict",
} as const;
const ticketShape = z.string().regex(/^[0-9a-f]{32}$/);
const keyForm = z.object({ key: z.string().max(256).default("") });
const checkForm = z.object({ ticket: ticketShape });
const linuxForm = z.object({ ticket: ticketShape, language: z.string().optional() });

/**
 * The public site: from the key to the client. Pages work without script, in English and French.
 * A key or ticket is never in an address.
 */
export function portalRoutes(app: FastifyInstance, options: PortalOptions): void {
  const { siteName } = options;

  /** GET / – the key form. */
  app.get("/", (request, reply) =>
    sendPage(reply, keyPage({ language: languageOf(request, reply), siteName })),
  );

  /**
   * POST /start – form field `key`. 303 to GET /start with the ticket in a cookie; 400 for what is
   * no key at all, 404 with one sentence for every key that cannot be used, 429 after too many: each
   * with the form again, as it was filled in, and a way back to a session that goes on.
   */
  app.post("/start", (request, reply) => redeem(options, request, reply));

  /** GET /start – who helps and the download, by the cookie's ticket; 410 when it is over. */
  app.get("/start", (request, reply) => showStart(options, request, reply));

  /**
   * GET /start/standing – `{ standing }` by the cookie's ticket: `joining` until the customer's
   * client has connected, then `joined`, `over` without a session. The page asks, to show itself
   * anew when that changes.
   */
  app.get("/start/standing", async (request, reply) => {
    const ticket = ticketOf(request);
    const session = ticket && (await options.sessions.describeTicket(ticket));
    const standing = session ? (session.hasJoined ? "joined" : "joining") : "over";
    return reply.header("cache-control", "no-store").send({ standing });
  });

  /** POST /start/download – the starter as a file, by the cookie's ticket; 410 when it is over. */
  app.post("/start/download", async (request, reply) => {
    const language = languageOf(request, reply);
    const ticket = ticketOf(request);
    const session = ticket && (await options.sessions.describeTicket(ticket));
    if (!ticket || !session) {
      return sendPage(reply, overPage({ language, siteName }, ticket !== undefined), 410);
    }
    const starter = await starterFor(options, ticket, language);
    options.sessions.reachedStep(ticket, "starter-taken");
    return reply
      .header("content-disposition", `attachment; filename="${starterName(session.lsid)}"`)
      .header("cache-control", "no-store")
      .type("application/x-sh")
      .send(starter);
  });

  /**
   * POST /start/check – form field `ticket`; 204 while its session can be joined, 410 when it is over.
   * With it a starter that was kept says so, instead of downloading a program for nothing.
   */
  app.post("/start/check", async (request, reply) => {
    const form = checkForm.safeParse(request.body);
    const isKnown = form.success && (await options.sessions.describeTicket(form.data.ticket));
    return reply
      .status(isKnown ? 204 : 410)
      .header("cache-control", "no-store")
      .send();
  });

  /** POST /start/linux – form fields `ticket`, `language`; the starter as text, 404 without one. */
  app.post("/start/linux", async (request, reply) => {
    const form = linuxForm.safeParse(request.body);
    const isKnown = form.success && (await options.sessions.describeTicket(form.data.ticket));
    if (!form.success || !isKnown) throw new HandrailError("not-found", "no such session");
    const language = isLanguage(form.data.language) ? form.data.language : "en";
    const starter = await starterFor(options, form.data.ticket, language);
    options.sessions.reachedStep(form.data.ticket, "starter-taken");
    return reply
      .header("cache-control", "no-store")
      .type("text/plain; charset=utf-8")
      .send(starter);
  });

  /**
   * GET /client/<platform>/<sha256>.tar.gz – the client's runtime; never changes. The starter says
   * in the header `handrail-ticket` for which session it is fetched.
   */
  app.get("/client/:platform/:archive", (request, reply) => sendArchive(options, request, reply));
}

async function redeem(options: PortalOptions, request: FastifyRequest, reply: FastifyReply) {
  const page = { language: languageOf(request, reply), siteName: options.siteName };
  const { key } = keyForm.safeParse(request.body).data ?? { key: "" };
  const text = portalTexts[page.language];
  const refuse = async (problem: string, status: number) => {
    const ticket = ticketOf(request);
    const ongoing = ticket && (await options.sessions.describeTicket(ticket));
    const helper = ongoing ? ongoing.representative : undefined;
    return sendPage(reply, keyPage(page, { problem, typed: key, helper }), status);
  };
  if (!parseSessionKey(key)) return refuse(text.malformed, 400);
  const redeemed = await options.sessions.redeemKey(key, request.ip);
  if (redeemed.ok) {
    // Sent on, so that reloading the page does not send the key again.
    return reply.setCookie(ticketCookie, redeemed.ticket, cookieOptions).redirect("/start", 303);
  }
  if (redeemed.code === "key-refused") return refuse(text.refused, 404);
  const seconds = Math.ceil((redeemed.retryAfterMs ?? 60_000) / 1000);
  reply.header("retry-after", seconds);
  return refuse(text.tooMany(Math.ceil(seconds / 60)), 429);
}

async function showStart(options: PortalOptions, request: FastifyRequest, reply: FastifyReply) {
  const page = { language: languageOf(request, reply), siteName: options.siteName };
  const ticket = ticketOf(request);
  const session = ticket && (await options.sessions.describeTicket(ticket));
  if (!ticket || !session) return sendPage(reply, overPage(page, ticket !== undefined), 410);
  const hasClient = platforms.some((platform) => options.runtimes.has(platform));
  // Packed, if that has not been done yet, while the visitor reads.
  if (hasClient) void options.runtimes.get("linux-x64");
  const join = joinFor(options, ticket, page.language);
  const about = {
    representative: session.representative,
    hasJoined: session.hasJoined,
    start: startCommand(session.lsid),
    command: hasClient ? terminalCommand(join) : undefined,
    isLinux: isLinuxDesktop(request.headers["user-agent"] ?? ""),
  };
  return sendPage(reply, startPage(page, about));
}

async function sendArchive(options: PortalOptions, request: FastifyRequest, reply: FastifyReply) {
  const asked = z
    .object({ platform: z.enum(platforms), archive: z.string() })
    .safeParse(request.params);
  const runtime = asked.success ? await options.runtimes.get(asked.data.platform) : undefined;
  if (!runtime || asked.data?.archive !== `${runtime.archiveSha256}.tar.gz`) {
    throw new HandrailError("not-found", "no such archive");
  }
  const ticket = ticketShape.safeParse(request.headers[ticketHeader]);
  if (ticket.success) options.sessions.reachedStep(ticket.data, "program-started");
  return reply
    .type("application/gzip")
    .header("content-length", runtime.sizeBytes)
    .header("cache-control", "public, max-age=31536000, immutable")
    .send(createReadStream(runtime.file));
}

async function starterFor(options: PortalOptions, ticket: string, language: Language) {
  const runtime = await options.runtimes.get("linux-x64");
  if (!runtime) throw new HandrailError("unavailable", "no client has been built for linux-x64");
  return makeStarter(joinFor(options, ticket, language), runtime);
}

function joinFor(options: PortalOptions, ticket: string, language: Language): JoinConfiguration {
  const { publicUrl: site, siteName, identity } = options;
  const { fingerprint, publicKeyPin } = identity;
  return { site, fingerprint, publicKeyPin, ticket, siteName, language };
}

function ticketOf(request: FastifyRequest): string | undefined {
  return ticketShape.safeParse(request.cookies[ticketCookie]).data;
}

/** A guess from what browsers say, only to warn: the starter itself looks properly. */
function isLinuxDesktop(userAgent: string): boolean {
  return /Linux (x86_64|amd64)|^curl\//.test(userAgent) && !/Android/.test(userAgent);
}
