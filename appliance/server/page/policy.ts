import type { FastifyReply } from "fastify";
import type {} from "@fastify/helmet";

/** What a page may load and send, by directive. Source: CSP Level 3. */
export type PolicyDirectives = Record<string, string[]>;

/** Nothing but our own files; forms go to us alone; nobody frames us. */
export const strictPolicy: PolicyDirectives = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "form-action": ["'self'"],
  "base-uri": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** Gives one answer a policy that differs from the strict one in these directives. */
export function relaxPolicy(reply: FastifyReply, changes: PolicyDirectives): void {
  const directives = { ...strictPolicy, ...changes };
  reply.helmet({ contentSecurityPolicy: { useDefaults: false, directives } });
}
