import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import fastifyStatic from "@fastify/static";
import { HandrailError } from "@handrail/protocol";
import type { FastifyInstance } from "fastify";
import { relaxPolicy } from "../page/policy.ts";

/** What stands in index.html where the nonce of this answer belongs. */
const noncePlaceholder = /%CSP_NONCE%/g;

/**
 * The built administration pages: index.html at /login and at every path below it that is not a
 * file, for the pages have addresses of their own. Styles that a script makes need the nonce, which
 * takes the place of `%CSP_NONCE%` in index.html.
 */
export async function loginPages(app: FastifyInstance, directory: string): Promise<void> {
  const index = path.join(directory, "index.html");
  if (existsSync(directory)) {
    await app.register(fastifyStatic, {
      root: directory,
      prefix: "/login/",
      index: false,
      wildcard: false,
      // Built names carry a hash of their content.
      immutable: true,
      maxAge: "365d",
    });
  }

  const send = async (reply: Parameters<typeof relaxPolicy>[0]) => {
    if (!existsSync(index)) {
      throw new HandrailError("unavailable", `the administration pages are not built: ${index}`);
    }
    const nonce = randomBytes(16).toString("base64");
    relaxPolicy(reply, {
      "style-src": ["'self'", `'nonce-${nonce}'`],
      "img-src": ["'self'", "data:", "blob:"],
      "worker-src": ["'self'", "blob:"],
    });
    const page = await readFile(index, "utf8");
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .send(page.replace(noncePlaceholder, nonce));
  };

  /** GET /login and /login/* – the administration. */
  app.get("/login", (_request, reply) => send(reply));
  app.get("/login/*", (request, reply) => {
    const where = request.url.split("?", 1)[0] ?? "";
    if (where.startsWith("/login/api/") || path.extname(where) !== "") {
      throw new HandrailError("not-found", "no such file");
    }
    return send(reply);
  });
}
