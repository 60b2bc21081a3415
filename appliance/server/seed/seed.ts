import { createPublicKey } from "node:crypto";
import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { hostName } from "../line/host-name.ts";

/**
 * What an appliance may be told before its first start, so that nobody need type it: `handrail.json`
 * on a disk that is looked for then. Everything but `version` may be left out. See packer/README.md.
 */
const ip = z.string().refine((text) => isIP(text) !== 0);
const withPrefix = z.string().refine((text) => subnetOf(text) !== undefined);
const host = z
  .string()
  .refine((text) => isIP(text) !== 0 || (/^[a-z0-9.-]+$/i.test(text) && isName(text)));
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
  const [first, second] = network.gateways.map((gateway) => isIP(gateway));
  const strange =
    network.gateways.find((gateway) => !isNear(gateway, network.addresses)) ??
    (first !== undefined && first === second ? network.gateways[1] : undefined);
  return strange === undefined ? undefined : { field: "network.gateways", value: strange };
}

function isNear(gateway: string, addresses: readonly string[]): boolean {
  if (gateway.toLowerCase().startsWith("fe80:")) return true;
  const family = isIP(gateway) === 4 ? "ipv4" : "ipv6";
  return addresses.some((address) => subnetOf(address)?.check(gateway, family) ?? false);
}

function subnetOf(text: string): BlockList | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^[1-9][0-9]{0,2}$/.test(prefix)) return undefined;
  if (Number(prefix) > (version === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), version === 4 ? "ipv4" : "ipv6");
  return list;
}

function isName(text: string): boolean {
  return !text.includes("*") && hostName(text) !== undefined;
}

function isTimeZone(text: string): boolean {
  // It becomes the name of a file.
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+){0,2}$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).format(0) !== "";
  } catch {
    // The caller says how it is written.
    return false;
  }
}

/** Everybody on the machine may read its file: no password is taken. */
function isProxy(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username + url.password === "" &&
    url.origin === text.replace(/\/$/, "").toLowerCase()
  );
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
