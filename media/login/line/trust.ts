import { fingerprintText } from "../format.ts";

/** Whose certificate is trusted. `ca`: PEM; `pin`: SHA-256, hex. */
export type Trust =
  | { readonly by: "authorities" }
  | { readonly by: "ca"; readonly ca: string }
  | { readonly by: "pin"; readonly pin: string };

/**
 * Why nothing can be sent. What each means, and what helps, is in the texts; where a certificate is the
 * reason, its fingerprint comes along.
 */
export type LineFault =
  | "unknown-name"
  | "refused"
  | "unreachable"
  | "timeout"
  | "untrusted"
  | "other-certificate"
  | "no-tls"
  | "lost"
  | "proxy";

/** What a form has of it; what another way needs stays while one chooses. */
export interface TrustDraft {
  readonly trustBy: Trust["by"];
  readonly ca: string;
  readonly pin: string;
}

/** The ways, in the order in which they are offered. */
export const trustWays = ["authorities", "ca", "pin"] as const;

/** The form for it. A fingerprint is shown as people compare it. */
export function trustDraft(trust: Trust = { by: "authorities" }): TrustDraft {
  return {
    trustBy: trust.by,
    ca: trust.by === "ca" ? trust.ca : "",
    pin: trust.by === "pin" ? fingerprintText(trust.pin) : "",
  };
}

/** What the form says. */
export function trustOf({ trustBy, ca, pin }: TrustDraft): Trust {
  if (trustBy === "ca") return { by: "ca", ca };
  return trustBy === "pin" ? { by: "pin", pin } : { by: "authorities" };
}
