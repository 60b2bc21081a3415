import { type ErrorCode, errorCatalogue, isErrorCode, toHandrailError } from "@handrail/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../log.ts";
import { faultPage } from "../page/fault-page.ts";
import { languageOf, sendPage } from "../page/visitor.ts";
import { Refusal } from "../refusal.ts";
import { storeFault } from "../store/database.ts";

/** What a program gets instead of an answer. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  /** The field of the request that is at fault. */
  readonly field?: string;
}

/**
 * The one place where an error becomes an answer: the catalogue's status, JSON for programs and a
 * page for people. What only the operator may know goes to the log.
 */
export function respondWithErrors(options: { log: Log; siteName: string }) {
  return (raw: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = asRefusal(raw);
    const { status, shownTo } = errorCatalogue[error.code];
    // The pattern of the route, never the address: it may hold what somebody mistyped.
    const route = request.routeOptions.url ?? "none";
    const fields = { route, code: error.code, connection: request.ip };
    if (status >= 500) options.log.error("request.failed", { ...fields, error });
    else options.log.info("request.refused", { ...fields, reason: error.message });
    const retryAfterMs = error instanceof Refusal ? error.retryAfterMs : undefined;
    if (retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(retryAfterMs / 1000));
    if (wantsPage(request)) {
      const language = languageOf(request, reply);
      return sendPage(reply, faultPage(error.code, language, options.siteName), status);
    }
    const field = error instanceof Refusal ? error.field : undefined;
    const isShown = shownTo === "everyone" && error.code !== "internal";
    const body: ErrorBody = {
      code: isShown ? error.code : "bad-request",
      message: isShown ? error.message : "the request cannot be answered",
      ...(field === undefined ? {} : { field }),
    };
    const shownCode = error.code === "internal" ? { ...body, code: error.code } : body;
    return reply.status(status).header("cache-control", "no-store").send(shownCode);
  };
}

/** Browsers that were led to a page say so; programs do not ask for HTML. */
function wantsPage(request: FastifyRequest): boolean {
  return (request.headers.accept ?? "").includes("text/html");
}

const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  404: "not-found",
  413: "frame-too-large",
  429: "too-many-attempts",
};

/** Errors of the database and of Fastify itself, in words of the catalogue. */
function asRefusal(raw: unknown): ReturnType<typeof toHandrailError> {
  const error = storeFault(raw);
  if (!(error instanceof Error) || "code" in error === false) return toHandrailError(error);
  if (typeof error.code === "string" && isErrorCode(error.code)) return toHandrailError(error);
  if (!("statusCode" in error) || typeof error.statusCode !== "number") {
    return toHandrailError(error);
  }
  const { statusCode } = error;
  if (statusCode >= 500) return toHandrailError(error);
  return new Refusal(codeByStatus[statusCode] ?? "bad-request", error.message, { cause: error });
}
