import type {} from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RepresentativeId } from "@handrail/protocol";
import {
  browserSessionCookie,
  type BrowserSessions,
  secretCookie,
} from "../auth/browser-session.ts";
import { signInTicketCookie } from "../auth/sign-in-tickets.ts";

/** Signs the visitor's browser in. Returns what its cookie holds. */
export function keepSession(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  browserSessions: BrowserSessions,
  representative: RepresentativeId,
): string {
  const token = browserSessions.start(representative);
  reply.setCookie(browserSessionCookie, token, secretCookie);
  forgetTicket(request, reply);
  return token;
}

/** Binds a half-done sign-in to the visitor's browser. */
export function keepTicket(reply: FastifyReply, ticket: string): void {
  reply.setCookie(signInTicketCookie, ticket, secretCookie);
}

/** What the visitor's browser holds of a half-done sign-in. */
export function ticketOf(request: FastifyRequest): string | undefined {
  return request.cookies[signInTicketCookie];
}

/** Takes a half-done sign-in from the visitor's browser. */
export function forgetTicket(request: FastifyRequest, reply: FastifyReply): void {
  if (ticketOf(request) !== undefined) reply.clearCookie(signInTicketCookie, secretCookie);
}
