/** As much of XML as the answers of S3 need: elements without attributes that do not nest in themselves. */

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** What is inside of each element of that name, as it stands. */
export function elementsOf(xml: string, name: string): string[] {
  const opening = new RegExp(`<${name}(?:\\s[^<>]*)?>`, "g");
  const closing = `</${name}>`;
  const found: string[] = [];
  // Goes through the text once, whatever a server sends.
  while (opening.test(xml)) {
    const end = xml.indexOf(closing, opening.lastIndex);
    if (end < 0) break;
    found.push(xml.slice(opening.lastIndex, end));
    opening.lastIndex = end + closing.length;
  }
  return found;
}

/** The text of each element of that name. */
export function textsOf(xml: string, name: string): string[] {
  return elementsOf(xml, name).map((text) =>
    text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, word) => {
      if (typeof word === "string") return entities[word] ?? whole;
      const code = typeof hex === "string" ? parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }),
  );
}
