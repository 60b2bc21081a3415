import { readFile } from "node:fs/promises";
import { HandrailError } from "@handrail/protocol";
import type { Account } from "./account.ts";
import { parseSiteAddress } from "./address.ts";
import type { OAuth } from "./oauth.ts";
import type { Sites } from "./sites.ts";

/** Names the file that an administrator deploys with a console. */
export const credentialsVariable = "HANDRAIL_CONSOLE_CREDENTIALS";

interface Credentials {
  /** The site's address. */
  readonly url: string;
  /** SHA-256 of its certificate, 64 hex digits; colons are allowed. */
  readonly fingerprint: string;
  /** A secret. */
  readonly credential: string;
}

/** Reads a credentials file. @throws HandrailError `bad-request` naming what is wrong. */
export function parseCredentials(text: string): Credentials {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new HandrailError("bad-request", "the credentials file is not JSON", { cause });
  }
  const { url, fingerprint, credential } = fieldsOf(json);
  if (typeof url !== "string" || !parseSiteAddress(url)) throw lacking("url");
  const digits = typeof fingerprint === "string" ? fingerprint.replaceAll(":", "") : "";
  if (!/^[0-9a-f]{64}$/i.test(digits)) throw lacking("fingerprint");
  if (typeof credential !== "string" || credential === "") throw lacking("credential");
  return { url, fingerprint: digits.toLowerCase(), credential };
}

/**
 * Signs in with the file that the environment names, for a console without an account of its own.
 * False when there is no such file to use.
 */
export async function signInByFile(
  file: string | undefined,
  place: { sites: Sites; oauth: OAuth; account: Account },
): Promise<boolean> {
  if (!file || place.account.current) return false;
  const credentials = parseCredentials(await readFile(file, "utf8"));
  const site = parseSiteAddress(credentials.url);
  if (!site) throw lacking("url");
  await place.sites.provision(site, credentials.fingerprint);
  const signal = AbortSignal.timeout(30_000);
  const tokens = await place.oauth.exchangeCredential(site, credentials.credential, signal);
  await place.account.adopt(site, tokens);
  return true;
}

function fieldsOf(json: unknown): Partial<Record<keyof Credentials, unknown>> {
  return typeof json === "object" && json !== null ? json : {};
}

function lacking(name: keyof Credentials): HandrailError {
  return new HandrailError("bad-request", `the credentials file needs a valid "${name}"`);
}
