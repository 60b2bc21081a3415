import { createPublicKey } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { hostName } from "../line/host-name.ts";
import {
  isAddressWithPrefix,
  isHost,
  isProxy,
  isTimeZone,
  strangeGateway,
} from "../machine/machine-check.ts";

/**
 * What an appliance may be told before its first start, so that nobody need type it: `handrail.json`
 * on a disk that is looked for then. Everything but `version` may be left out. See packer/README.md.
 */
const ip = z.string().refine((text) => isIP(text) !== 0);
const withPrefix = z.string().refine((text) => isAddressWithPrefix(text));
const host = z.string().refine((text) => isHost(text));
const pem = z.string().min(1).max(100_000);
const line = z
  .string()
  .trim()
  .min(1)
  // No letter of a name is a control character.
  .refine((text) => !/\p{Cc}/u.test(text));

const networkShape = z.discriminatedUnion("method", [
  z.strictObject({ method: z.literal("dhcp") }),
  z.strictObject({
    method: z.literal("static"),
    /** As 192.0.2.10/24 or 2001:db8::10/64. */
    addresses: z.array(withPrefix).min(1).max(8),
    /** One of each family at most; each in the net of one of the addresses, or of the link. */
    gateways: z.array(ip).max(2).default([]),
    nameServers: z.array(ip).max(6).default([]),
    /** Of the tagged network that the addresses are in. */
    vlan: z.int().min(1).max(4094).optional(),
  }),
]);

const administratorShape = z.strictObject({
  /** For signing in. */
  name: line.max(64).optional(),
  /** That others see. */
  displayName: line.max(64).optional(),
  /** An argon2id string, of the password in Unicode's form NFKC (RFC 9106). */
  passwordHash: z
    .string()
    .max(500)
    .refine((text) => isCostly(text))
    .optional(),
  /** In the place of the code that the appliance would make: 16 letters and digits at least. */
  setUpCode: z
    .string()
    .max(64)
    .refine((text) => /^[A-Za-z0-9 -]*$/.test(text) && text.replace(/[ -]/g, "").length >= 16)
    .optional(),
});

const shape = z.strictObject({
  version: z.literal(1),
  /** Of the machine's own console. */
  language: z.enum(["en", "fr"]).optional(),
  network: networkShape.optional(),
  /** The name by which people reach the site, without https. */
  siteAddress: z
    .string()
    .max(253)
    .refine((text) => isName(text))
    .optional(),
  /** Of the IANA's list, as Europe/Paris. */
  timeZone: z
    .string()
    .refine((text) => isTimeZone(text))
    .optional(),
  ntpServers: z.array(host).min(1).max(8).optional(),
  /** By which Debian's updates are fetched. */
  proxy: z
    .string()
    .max(300)
    .refine((text) => isProxy(text))
    .optional(),
  /** PEM, with those of the authorities. */
  certificate: pem.optional(),
  certificateKey: pem.optional(),
  administrator: administratorShape.optional(),
  /** Public keys (Ed25519, PEM) that updates may be signed with, besides those of the image. */
  updateKeys: z
    .array(pem.refine((text) => isUpdateKey(text)))
    .max(8)
    .optional(),
  role: z.enum(["appliance", "jumpoint"]).default("appliance"),
});

/** A seed that can be applied as it is. */
export type Seed = z.infer<typeof shape>;

/** Where a seed is wrong: the path of the field, its value where there is one. */
export interface SeedFlaw {
  readonly field: string;
  readonly value?: unknown;
}

/** Reads a seed; everything that is to be known without the machine is checked. */
export function parseSeed(
  raw: unknown,
): { readonly ok: true; readonly seed: Seed } | { readonly ok: false; readonly flaw: SeedFlaw } {
  const parsed = shape.safeParse(raw);
  if (!parsed.success) return { ok: false, flaw: flawOf(parsed.error.issues[0], raw) };
  const flaw = contradiction(parsed.data);
  return flaw ? { ok: false, flaw } : { ok: true, seed: parsed.data };
}

function flawOf(issue: z.core.$ZodIssue | undefined, raw: unknown): SeedFlaw {
  const path = (issue?.path ?? []).map(String);
  if (issue?.code === "unrecognized_keys") {
    return { field: [...path, issue.keys[0] ?? ""].join("."), value: "?" };
  }
  return { field: path.join("."), value: valueAt(raw, path) };
}

function valueAt(raw: unknown, path: readonly string[]): unknown {
  let value = raw;
  for (const name of path) {
    value =
      typeof value === "object" && value !== null
        ? (Object.entries(value).find(([key]) => key === name)?.[1] as unknown)
        : undefined;
  }
  return value;
}

/** What is right by itself, and cannot be together. */
function contradiction({
  administrator,
  certificate,
  certificateKey,
  network,
}: Seed): SeedFlaw | undefined {
  if (certificate === undefined && certificateKey !== undefined) return { field: "certificate" };
  if (certificate !== undefined && certificateKey === undefined) return { field: "certificateKey" };
  if (administrator) {
    const { displayName, name, passwordHash, setUpCode } = administrator;
    const isAccount = name !== undefined && displayName !== undefined && passwordHash !== undefined;
    const isEmpty = name === undefined && displayName === undefined && passwordHash === undefined;
    const isWhole = setUpCode === undefined ? isAccount : isEmpty;
    if (!isWhole) return { field: "administrator" };
  }
  if (network?.method !== "static") return undefined;
  const strange = strangeGateway(network.gateways, network.addresses);
  return strange === undefined ? undefined : { field: "network.gateways", value: strange };
}

function isName(text: string): boolean {
  return !text.includes("*") && hostName(text) !== undefined;
}

/** Not less than OWASP asks of argon2id: 19 MiB and two passes, or 46 MiB and one. */
function isCostly(text: string): boolean {
  const [, memory, passes] =
    /^\$argon2id\$v=19\$m=(\d{4,7}),t=(\d{1,2}),p=\d{1,2}\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{22,}$/.exec(
      text,
    ) ?? [];
  const needed = Number(passes) === 1 ? 46_000 : 19_000;
  return Number(memory) >= needed && Number(memory) <= 1_048_576 && Number(passes) >= 1;
}

function isUpdateKey(text: string): boolean {
  try {
    return text.includes("PUBLIC KEY") && createPublicKey(text).asymmetricKeyType === "ed25519";
  } catch {
    // The caller says what it should be.
    return false;
  }
}
