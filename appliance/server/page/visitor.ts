import type {} from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { chooseLanguage, isLanguage, type Language, languageCookie } from "./language.ts";

const queryShape = z.object({ lang: z.string().optional() });

/** The language for whoever asks. A choice in the query (`?lang=fr`) is remembered. */
export function languageOf(request: FastifyRequest, reply: FastifyReply): Language {
  const { lang } = queryShape.safeParse(request.query).data ?? {};
  if (isLanguage(lang)) {
    const oneYear = 365 * 86_400;
    const cookie = { path: "/", secure: true, sameSite: "lax", maxAge: oneYear } as const;
    reply.setCookie(languageCookie, lang, { ...cookie, httpOnly: true });
    return lang;
  }
  return chooseLanguage(request.cookies[languageCookie], request.headers["accept-language"]);
}

/** Sends a page that nobody but the visitor may keep. */
export function sendPage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply
    .status(status)
    .type("text/html; charset=utf-8")
    .header("cache-control", "no-store")
    .send(page);
}
