/** A part of a PEM file (RFC 7468). `text`: the whole of it with its first and last line. */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY` … */
  readonly label: string;
  readonly text: string;
}

/** The parts of a PEM file, whatever stands between them. */
export function pemBlocks(pem: string): PemBlock[] {
  // A part that has no end ends where the next begins: nobody searches the whole rest for each.
  const block = /-----BEGIN ([A-Z0-9 ]{1,40})-----(?:(?!-----BEGIN )[^])*?-----END \1-----/g;
  return [...pem.matchAll(block)].map(([text, label = ""]) => ({ label, text }));
}
