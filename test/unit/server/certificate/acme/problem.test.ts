import { describe, expect, it } from "vitest";
import { problemIn } from "../../../../../appliance/server/certificate/acme/problem.ts";

const prefix = "urn:ietf:params:acme:error:";

function faultOf(status: number, body: unknown, headers = {}) {
  return problemIn({ status, headers, text: JSON.stringify(body) });
}

describe("what a directory says of a problem", () => {
  it("is told by its type, with its own words in one line", () => {
    const told = faultOf(403, { type: `${prefix}rejectedIdentifier`, detail: "not\n  this" });
    expect(told?.fault).toEqual({
      ...{ reason: "rejected-name", type: "rejectedIdentifier", detail: "not this" },
    });
    const terms = "https://directory.example/terms";
    const changed = { type: `${prefix}userActionRequired`, instance: terms };
    expect(faultOf(403, changed)?.fault).toMatchObject({ reason: "terms", about: terms });
    const other = faultOf(400, { type: `${prefix}badCSR`, detail: "x".repeat(9_000) });
    expect(other?.fault).toMatchObject({ reason: "refused", type: "badCSR" });
    expect(other?.fault.detail).toHaveLength(500);
  });

  it("says for how long it wants to be left alone", () => {
    const limited = { type: `${prefix}rateLimited`, detail: "too many" };
    expect(faultOf(429, limited, { "retry-after": "7200" })?.retryAfterMs).toBe(7_200_000);
    const at = new Date(Date.now() + 3_600_000).toUTCString();
    expect(faultOf(429, limited, { "retry-after": at })?.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(faultOf(429, "no document")?.fault).toEqual({
      reason: "rate-limited",
      type: "HTTP 429",
    });
    const years = { "retry-after": "315360000" };
    expect(faultOf(429, limited, years)?.retryAfterMs).toBe(7 * 86_400_000);
    expect(faultOf(503, limited, { "retry-after": "soon" })?.retryAfterMs).toBeUndefined();
  });

  it("is none where all is well, or where the library asks again by itself", () => {
    expect(faultOf(200, {})).toBeUndefined();
    expect(faultOf(400, { type: `${prefix}badNonce` })).toBeUndefined();
  });
});
