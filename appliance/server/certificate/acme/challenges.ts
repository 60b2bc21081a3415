import { createSecureContext, type SecureContext } from "node:tls";

const plainPath = "/.well-known/acme-challenge/";

/**
 * What the appliance shows to a directory that wants to see whose a name is, while an order runs:
 * answers by HTTP (RFC 8555 section 8.3), and certificates for the protocol acme-tls/1 (RFC 8737).
 */
export class Challenges {
  readonly #answers = new Map<string, string>();
  readonly #contexts = new Map<string, SecureContext>();

  /** Answers that at the token's path, until it is disposed of. */
  offerPlain(token: string, answer: string): Disposable {
    return offer(this.#answers, `${plainPath}${token}`, answer);
  }

  /** Shows that certificate (both PEM) for the name, until it is disposed of. */
  offerTls(name: string, { key, cert }: { key: Buffer; cert: Buffer }): Disposable {
    return offer(this.#contexts, name, createSecureContext({ key, cert }));
  }

  /** The answer at a path of the plain port; undefined for every other path. */
  plainAnswer(path: string): string | undefined {
    return this.#answers.get(path);
  }

  /** What is shown for a name to whoever speaks acme-tls/1 alone. */
  tlsContext(name: string): SecureContext | undefined {
    return this.#contexts.get(name.toLowerCase());
  }

  get hasTls(): boolean {
    return this.#contexts.size > 0;
  }
}

function offer<T>(offered: Map<string, T>, key: string, value: T): Disposable {
  offered.set(key, value);
  return { [Symbol.dispose]: () => void offered.delete(key) };
}
