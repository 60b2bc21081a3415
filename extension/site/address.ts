/** Where an appliance's site is. */
export interface SiteAddress {
  readonly host: string;
  readonly port: number;
  /** `https://host`, with the port unless it is 443. */
  readonly origin: string;
}

/**
 * Reads a site's address as people type it: with or without `https://`, a path is ignored.
 * Returns undefined when it names no host, or a scheme other than https.
 */
export function parseSiteAddress(typed: string): SiteAddress | undefined {
  const text = typed.trim();
  if (text === "" || /\s/.test(text)) return undefined;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) return undefined;
  const url = new URL(withScheme);
  if (url.protocol !== "https:" || url.hostname === "" || url.username !== "") return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { host, port: url.port === "" ? 443 : Number(url.port), origin: url.origin };
}
