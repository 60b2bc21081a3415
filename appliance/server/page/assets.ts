import { readFileSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";

const assets = {
  "handrail.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "follow.js": "text/javascript; charset=utf-8",
  "copy.js": "text/javascript; charset=utf-8",
  "select.js": "text/javascript; charset=utf-8",
} as const;

/** What the server's own pages are made of, under /assets/. */
export function assetRoutes(app: FastifyInstance): void {
  for (const [name, type] of Object.entries(assets)) {
    const content = readFileSync(path.join(import.meta.dirname, name), "utf8");
    app.get(`/assets/${name}`, (_request, reply) =>
      reply.type(type).header("cache-control", "public, max-age=300").send(content),
    );
  }
}
