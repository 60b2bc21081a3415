import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** A label of a DNS name (RFC 1035 section 2.3.1, RFC 1123 section 2.1). */
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const dnsName = new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`);

/** The name of a host, as a certificate has it too: IDNA made ASCII, in small letters; undefined for none. */
export function hostName(typed: string): string | undefined {
  const trimmed = bareHost(typed.trim());
  // `domainToASCII` drops line breaks and tabs: what was two would become one.
  if (/\s/.test(trimmed)) return undefined;
  if (isIP(trimmed) !== 0) return address(trimmed);
  const isWild = trimmed.startsWith("*.");
  const ascii = domainToASCII(isWild ? trimmed.slice(2) : trimmed).toLowerCase();
  const name = isWild ? `*.${ascii}` : ascii;
  // What only becomes an address, as 1 does, was not meant as one.
  const isName = ascii.length <= 253 && dnsName.test(name) && isIP(ascii) === 0;
  return isName ? name : undefined;
}

/** A host without the brackets that an IPv6 address has in a URL. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

/** An address in its shortest form, IPv6 without dots; one of a single link is none. */
function address(typed: string): string | undefined {
  if (isIP(typed) === 4) return typed;
  const url = `https://[${typed}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}
