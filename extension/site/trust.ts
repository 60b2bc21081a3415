import { HandrailError, type KnownIdentity } from "@handrail/protocol";

/** What a TLS peer showed. */
export interface PeerCertificate {
  /** SHA-256 of the certificate's DER, 64 lower-case hex digits. */
  readonly fingerprint: string;
  /** SHA-256 of its public key (SPKI), base64. */
  readonly publicKey: string;
  /** Whether a public or enterprise authority vouches for it and for the host's name. */
  readonly isVouchedFor: boolean;
}

/** Whether to go on with a peer. */
export type Verdict =
  | { readonly outcome: "trusted" }
  | { readonly outcome: "unknown"; readonly shown: string }
  | { readonly outcome: "changed"; readonly shown: string; readonly pinned: string };

/** Judges a certificate against the fingerprint pinned for its site, if any. */
export function judge(
  certificate: Pick<PeerCertificate, "fingerprint" | "isVouchedFor">,
  pinned: string | undefined,
): Verdict {
  const shown = certificate.fingerprint;
  if (certificate.isVouchedFor || shown === pinned) return { outcome: "trusted" };
  return pinned === undefined
    ? { outcome: "unknown", shown }
    : { outcome: "changed", shown, pinned };
}

/** The peer is not who it must be; nothing was sent to it. */
export class UntrustedError extends HandrailError {
  readonly verdict: Exclude<Verdict, { outcome: "trusted" }>;

  constructor(verdict: Exclude<Verdict, { outcome: "trusted" }>) {
    super("not-permitted", `the site's certificate is ${verdict.outcome}`);
    this.name = "UntrustedError";
    this.verdict = verdict;
  }
}

/** A fingerprint as people compare it: pairs of capital digits, eight to a line. */
export function formatFingerprint(fingerprint: string): string {
  const pairs = fingerprint.toUpperCase().match(/../g) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < pairs.length; at += 8) lines.push(pairs.slice(at, at + 8).join(":"));
  return lines.join("\n");
}

/** The part of VS Code's `Memento` that pins need. */
export interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

/** Whether what is known of a site leads to the key that it shows. */
export type Lead = (keys: { known: KnownIdentity; shown: string }) => Promise<boolean>;

/**
 * The fingerprints that representatives have accepted, one per origin. With the certificate that
 * was accepted its key is: a renewed certificate with the same key takes its place, and so does one
 * to whose key the accepted one has handed over.
 */
export class Pins {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  of(origin: string): string | undefined {
    return this.#memory.get<string>(`pin:${origin}`);
  }

  async pin(origin: string, fingerprint: string): Promise<void> {
    await this.#memory.update(`pin:${origin}`, fingerprint.toLowerCase());
    await this.#memory.update(`key:${origin}`, undefined);
  }

  async forget(origin: string): Promise<void> {
    await this.#memory.update(`pin:${origin}`, undefined);
    await this.#memory.update(`key:${origin}`, undefined);
  }

  /**
   * As `check`; where the key is another one, `lead` is asked whether it has followed.
   * @throws UntrustedError, and what `lead` throws
   */
  async meet(origin: string, certificate: PeerCertificate, lead: Lead): Promise<void> {
    try {
      this.check(origin, certificate);
    } catch (error) {
      if (!(error instanceof UntrustedError) || error.verdict.outcome !== "changed") throw error;
      const publicKeyPin = this.#memory.get<string>(`key:${origin}`);
      const known = { fingerprint: error.verdict.pinned, publicKeyPin };
      if (!(await lead({ known, shown: certificate.publicKey }))) throw error;
      await this.pin(origin, certificate.fingerprint);
      this.check(origin, certificate);
    }
  }

  /** Refuses a peer of this origin that is not trusted. @throws UntrustedError */
  check(origin: string, certificate: PeerCertificate): void {
    const { fingerprint, publicKey } = certificate;
    const verdict = judge(certificate, this.of(origin));
    const known = this.#memory.get<string>(`key:${origin}`);
    if (verdict.outcome === "trusted") {
      // An authority says nothing about the key that somebody has accepted.
      if (fingerprint === this.of(origin) && publicKey !== known) {
        void this.#memory.update(`key:${origin}`, publicKey);
      }
      return;
    }
    const isRenewed = verdict.outcome === "changed" && publicKey === known;
    if (!isRenewed) throw new UntrustedError(verdict);
    void this.#memory.update(`pin:${origin}`, fingerprint);
  }
}
