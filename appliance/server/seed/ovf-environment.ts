import { SeedError } from "./seed-error.ts";

/**
 * Where each property of the OVA goes in a seed. `words`: several of them with spaces between.
 * The properties are declared in packer/template/handrail.ovf.
 */
const places = {
  language: { at: ["language"] },
  addresses: { at: ["network", "addresses"], words: true },
  gateways: { at: ["network", "gateways"], words: true },
  nameServers: { at: ["network", "nameServers"], words: true },
  siteAddress: { at: ["siteAddress"] },
  timeZone: { at: ["timeZone"] },
  ntpServers: { at: ["ntpServers"], words: true },
  proxy: { at: ["proxy"] },
  setUpCode: { at: ["administrator", "setUpCode"] },
  role: { at: ["role"] },
} as const satisfies Record<string, { at: readonly string[]; words?: boolean }>;
/** All of `handrail.json`, in Base64, in the place of the others. */
const whole = "settings";

/** The names of the properties, as the OVA declares them. */
export const ovfProperties: readonly string[] = [...Object.keys(places), whole];

/**
 * The settings that an OVF environment carries, as a seed has them; undefined when nobody has entered
 * any. Source: DSP0243 (OVF 1.1), section 11: properties of the class `handrail`.
 * @throws SeedError
 */
export function settingsOfOvf(xml: string): unknown {
  const given = propertiesOf(xml);
  const settings = given.get(whole);
  if (settings !== undefined) return decode(settings);
  const seed: Record<string, unknown> = {};
  for (const [name, place] of Object.entries(places)) {
    const text = given.get(name);
    if (text === undefined) continue;
    put(seed, place.at, "words" in place ? text.split(/[\s,]+/) : text);
  }
  if (Object.keys(seed).length === 0) return undefined;
  if (typeof seed.network === "object") seed.network = { method: "static", ...seed.network };
  return { version: 1, ...seed };
}

/** What somebody has entered. */
function propertiesOf(xml: string): Map<string, string> {
  if (!/<(\w+:)?Environment[\s>]/.test(xml)) throw SeedError.ofFile("ovf-env.xml");
  const found = new Map<string, string>();
  for (const [, attributes = ""] of xml.matchAll(/<(?:\w+:)?Property\s([^<>]*?)\/?>/g)) {
    const key = attributeOf(attributes, "key");
    const value = attributeOf(attributes, "value")?.trim();
    if (key?.startsWith("handrail.") && value) found.set(key.slice("handrail.".length), value);
  }
  return found;
}

function attributeOf(attributes: string, name: string): string | undefined {
  const [, , inDouble, inSingle] =
    new RegExp(`(^|\\s)(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
  return (inDouble ?? inSingle)?.replace(/&(#x?[0-9a-f]+|\w+);/gi, (all, what: string) =>
    entity(what.toLowerCase(), all),
  );
}

function entity(what: string, all: string): string {
  const named: Readonly<Record<string, string>> = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
  };
  if (!what.startsWith("#")) return named[what] ?? all;
  const code = what.startsWith("#x") ? Number.parseInt(what.slice(2), 16) : Number(what.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : all;
}

function put(
  seed: Record<string, unknown>,
  [first = "", second]: readonly string[],
  value: unknown,
) {
  seed[first] = second === undefined ? value : { ...asObject(seed[first]), [second]: value };
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function decode(settings: string): unknown {
  try {
    return JSON.parse(Buffer.from(settings, "base64").toString());
  } catch (cause) {
    throw SeedError.ofFile("handrail.settings", cause);
  }
}
