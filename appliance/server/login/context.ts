import { HandrailError } from "@handrail/protocol";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import {
  type BrowserSession,
  browserSessionCookie,
  type BrowserSessions,
  hasCsrf,
} from "../auth/browser-session.ts";
import { Refusal } from "../refusal.ts";

/** Header of every write at /login; its value is in the answer of `state`. */
export const csrfHeader = "x-handrail-csrf";

/**
 * Who is signed in. A write must carry the session's own secret.
 * @throws HandrailError `not-authenticated`, `not-permitted` when the header is missing or wrong
 */
export async function signedIn(
  browserSessions: BrowserSessions,
  request: FastifyRequest,
): Promise<BrowserSession> {
  const session = await browserSessions.find(request.cookies[browserSessionCookie]);
  if (!session) throw new HandrailError("not-authenticated", "sign in first");
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead || hasCsrf(session, request.headers[csrfHeader])) return session;
  throw new HandrailError("not-permitted", `the header ${csrfHeader} is missing or wrong`);
}

/** As `signedIn`, for what only administrators may do. @throws also `not-permitted` */
export async function administrator(
  browserSessions: BrowserSessions,
  request: FastifyRequest,
): Promise<BrowserSession> {
  const session = await signedIn(browserSessions, request);
  if (session.account.role === "administrator") return session;
  throw new HandrailError("not-permitted", "only administrators may do this");
}

/** Reads a body, query or path by its shape. @throws Refusal `bad-request` naming the field */
export function read<T extends z.ZodType>(shape: T, value: unknown): z.infer<T> {
  const parsed = shape.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join(".");
  const about = field ? { field } : {};
  throw new Refusal("bad-request", issue?.message ?? "ill-formed request", about);
}
