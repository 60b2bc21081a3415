/** A piece of a message: text, or an address to open. */
export type Piece = { readonly text: string; readonly url?: string };

/** Longest address that is a link, in UTF-16 units. */
const maxAddressLength = 2048;
const candidate = /\bhttps?:\/\/[^\s<>"'`]+/giu;
/** What ends a sentence is rarely part of an address. */
const trailing = /[.,;:!?)\]}»”]/u;

/**
 * Splits a message into text and web addresses. Only http and https, only addresses that parse, and
 * what is shown is what is opened: a link cannot say one thing and lead to another. Addresses with
 * a user name in them, which make one host look like another, stay text.
 */
export function piecesOf(message: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of message.matchAll(candidate)) {
    const shown = trim(match[0]);
    const url = webAddress(shown);
    if (url === undefined) continue;
    if (match.index > at) pieces.push({ text: message.slice(at, match.index) });
    pieces.push({ text: shown, url });
    at = match.index + shown.length;
  }
  if (at < message.length) pieces.push({ text: message.slice(at) });
  return pieces;
}

function trim(text: string): string {
  let end = text.length;
  while (end > 0 && trailing.test(text.charAt(end - 1))) end--;
  // A bracket that was opened inside the address is closed inside it.
  const keepsBracket = text.charAt(end) === ")" && text.includes("(");
  return text.slice(0, end + (keepsBracket ? 1 : 0));
}

/**
 * The address of a web page, in canonical form; undefined for what is none: other schemes, a user
 * name in it, or more than `maxAddressLength`.
 */
export function webAddress(text: string): string | undefined {
  if (text.length > maxAddressLength || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && url.username === "" && url.password === "" ? url.href : undefined;
}
