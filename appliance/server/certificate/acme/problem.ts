import type { AcmeFault, AcmeReason } from "@handrail/protocol/upkeep";
import { z } from "zod";
import { AcmeError, type LineAnswer } from "./line.ts";

/** A problem document (RFC 7807, RFC 8555 section 6.7). */
export const problemShape = z.object({
  type: z.string().max(200).optional(),
  detail: z.string().optional(),
  /** Where the terms of service are, when they have changed. */
  instance: z.string().optional(),
});
type Problem = z.infer<typeof problemShape>;

const prefix = "urn:ietf:params:acme:error:";
const maxDetailLength = 500;

/** What is meant by the types of problems; every other one is a plain refusal. */
const reasons: Readonly<Record<string, AcmeReason>> = {
  externalAccountRequired: "account-needed",
  rejectedIdentifier: "rejected-name",
  unsupportedIdentifier: "rejected-name",
  rateLimited: "rate-limited",
  userActionRequired: "terms",
};

/** The problem that an answer is, if it is one that the library does not deal with by itself. */
export function problemIn({ status, headers, text }: LineAnswer): AcmeError | undefined {
  if (status < 400) return undefined;
  const problem = parse(text);
  const type = shortType(problem);
  // The library asks once more with another nonce.
  if (status === 400 && type === "badNonce") return undefined;
  const reason = reasons[type ?? ""] ?? (status === 429 ? "rate-limited" : "refused");
  const about = reason === "terms" ? problem.instance : undefined;
  const fault = { ...problemFault(problem, reason), ...(about === undefined ? {} : { about }) };
  const hasWords = fault.type !== undefined || fault.detail !== undefined;
  const retryAfterMs = retryAfter(headers["retry-after"]);
  return new AcmeError(hasWords ? fault : { ...fault, type: `HTTP ${status}` }, { retryAfterMs });
}

/** The same, of a problem that stands in another document, as that of a proof which has failed. */
export function problemFault(problem: Problem, reason: AcmeReason): AcmeFault {
  const type = shortType(problem);
  const detail = problem.detail?.replace(/\s+/g, " ").slice(0, maxDetailLength);
  return {
    reason,
    ...(type === undefined ? {} : { type }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function shortType({ type }: Problem): string | undefined {
  return type?.startsWith(prefix) ? type.slice(prefix.length) : type;
}

function parse(text: string): Problem {
  try {
    const parsed = problemShape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : {};
  } catch {
    // What is no JSON has nothing to say.
    return {};
  }
}

/** A directory that asks for years would have the certificate end. */
const longestRetryAfterMs = 7 * 86_400_000;

/** Source: RFC 9110 section 10.2.3. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const afterMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(afterMs) && afterMs > 0
    ? Math.min(afterMs, longestRetryAfterMs)
    : undefined;
}
