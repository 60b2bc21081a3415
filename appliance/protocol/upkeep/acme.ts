import { z } from "zod";

/** Where certificates are got when nobody names another place: Let's Encrypt. */
export const usualAcmeDirectory = "https://acme-v02.api.letsencrypt.org/directory";

/**
 * How the appliance proves that a name is its own: by TLS at port 443 (RFC 8737), or by HTTP at port
 * 80 (RFC 8555 section 8.3).
 */
export const acmeProofs = ["tls-alpn-01", "http-01"] as const;
/** One of them. */
export type AcmeProof = (typeof acmeProofs)[number];

/** How a certificate is got by itself (ACME, RFC 8555). What is secret is not in it. */
export const acmeSettingsShape = z.strictObject({
  /** Address of the directory, https. */
  directory: z.url({ protocol: /^https$/ }).max(500),
  /** Public DNS names, the site's own first; the appliance says what is wrong with others. */
  names: z.array(z.string().max(253)).min(1).max(20),
  /** Mail address to which the directory writes; "" for none. */
  contact: z.union([z.literal(""), z.email().max(200)]),
  proof: z.enum(acmeProofs),
  /** The directory's own authorities, PEM; "" for those that every machine knows. */
  authority: z.string().max(48 * 1024),
  /** Key identifier of an account that exists elsewhere (section 7.3.4); "" for none. */
  externalKeyId: z.string().max(500),
});
/** The same, read. */
export type AcmeSettings = z.infer<typeof acmeSettingsShape>;

/** The same as somebody sets them. */
export const acmeFormShape = acmeSettingsShape.extend({
  /** The key that goes with `externalKeyId`, base64url; the one that is kept when absent. */
  externalKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,1000}={0,2}$/)
    .optional(),
  /** Whether the directory's terms of service are accepted. */
  acceptsTerms: z.boolean(),
});
/** The same, read. */
export type AcmeForm = z.infer<typeof acmeFormShape>;

/** Why a certificate is not got, or why settings are not taken. */
export const acmeReasons = [
  "no-address",
  "no-public-name",
  "no-wildcard",
  "no-name",
  "no-site",
  "no-plain-port",
  "no-authority",
  "unreachable",
  "untrusted",
  "clock",
  "no-directory",
  "terms",
  "account-needed",
  "rejected-name",
  "rate-limited",
  "unproven",
  "refused",
  "unusable",
  "failed",
] as const;
/** One of them. */
export type AcmeReason = (typeof acmeReasons)[number];

/** What went wrong, with the directory's own words. */
export const acmeFaultShape = z.object({
  reason: z.enum(acmeReasons),
  /** What it is about: a name, or the address of the terms of service. */
  about: z.string().optional(),
  /** Type of the directory's problem document (RFC 8555 section 6.7), without its prefix. */
  type: z.string().optional(),
  /** Its own words, or those of this machine, in English. */
  detail: z.string().optional(),
});
/** The same, read. */
export type AcmeFault = z.infer<typeof acmeFaultShape>;

/** How it stands with the certificate that is got by itself. Times in Unix ms. */
export const acmeViewShape = z.object({
  /** Absent while it is off. */
  settings: acmeSettingsShape.optional(),
  /** The site's own name, where one can be got for it. */
  suggestedNames: z.array(z.string()),
  /** Why none can be got for it. */
  siteFault: acmeFaultShape.optional(),
  /** Whether a key is kept that goes with `externalKeyId`. */
  hasExternalKey: z.boolean(),
  /** Whether port 80 is the appliance's, for proofs by HTTP. */
  hasPlainPort: z.boolean(),
  /** Address of the account at the directory, once there is one. */
  account: z.string().optional(),
  isRunning: z.boolean(),
  lastTry: z.object({ at: z.number(), fault: acmeFaultShape.optional() }).optional(),
  /** When it is tried next; absent while another certificate is in the place of its own. */
  nextAt: z.number().optional(),
});
/** The same, read. */
export type AcmeView = z.infer<typeof acmeViewShape>;

/** What came of settings: taken, or why not. */
export const acmeAnswerShape = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), fault: acmeFaultShape }),
]);
/** The same, read. */
export type AcmeAnswer = z.infer<typeof acmeAnswerShape>;
