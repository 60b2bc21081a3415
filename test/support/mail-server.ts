import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import type { Issued } from "./authority.ts";

/** A mail that the server has taken. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Who has signed in; empty for nobody. */
  readonly user: string;
  readonly isSecure: boolean;
  /** With its head, line feeds alone. */
  readonly source: string;
}

/** What kind of server is wanted. */
export interface MailServerOptions {
  /** With it STARTTLS is offered, or TLS spoken from the start. */
  readonly tls?: Issued & { readonly chain: string };
  readonly isTlsFromStart?: boolean;
  /** The only name and password that are taken; without it nobody signs in. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Answers that refuse, by what is refused. */
  readonly refuses?: Readonly<Partial<Record<"sender" | "recipient" | "mail", [number, string]>>>;
  readonly maxSizeBytes?: number;
  /** A free one when absent. */
  readonly port?: number;
}

/** A mail server (RFC 5321) that keeps what it takes. */
export class MailServer implements AsyncDisposable {
  readonly mails: TakenMail[] = [];
  /** May be changed while it runs. */
  refuses: NonNullable<MailServerOptions["refuses"]>;
  readonly #server: SMTPServer;

  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    server.#server.listen(options.port ?? 0, "127.0.0.1");
    await once(server.#server.server, "listening");
    return server;
  }

  private constructor({ account, isTlsFromStart, refuses, tls, ...options }: MailServerOptions) {
    this.refuses = refuses ?? {};
    this.#server = new SMTPServer({
      secure: isTlsFromStart ?? false,
      ...(tls ? { cert: tls.certificate + tls.chain, key: tls.key } : {}),
      ...(options.maxSizeBytes === undefined ? {} : { size: options.maxSizeBytes }),
      disabledCommands: [...(tls ? [] : ["STARTTLS"]), ...(account ? [] : ["AUTH"])],
      allowInsecureAuth: true,
      authOptional: !account,
      disableReverseLookup: true,
      onAuth: ({ username, password }, _session, done) => {
        const isRight = username === account?.user && password === account?.password;
        if (isRight) done(null, { user: username });
        else done(refusal(535, "5.7.8 wrong credentials"));
      },
      onMailFrom: (_address, _session, done) => done(this.#refusalOf("sender")),
      onRcptTo: (_address, _session, done) => done(this.#refusalOf("recipient")),
      onData: (stream, { envelope, secure, ...session }, done) => {
        void text(stream).then((source) => {
          const refused = this.#refusalOf("mail");
          if (refused) return done(refused);
          const { mailFrom, rcptTo } = envelope;
          this.mails.push({
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            user: typeof session.user === "string" ? session.user : "",
            isSecure: secure,
            source: source.replaceAll("\r\n", "\n"),
          });
          done();
        });
      },
    });
    // A client that does not trust the certificate breaks the line off: that is what is tested.
    this.#server.on("error", () => undefined);
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #refusalOf(what: keyof MailServer["refuses"]): Error | null {
    const refused = this.refuses[what];
    return refused ? refusal(...refused) : null;
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** The decoded text of a mail that is written in one part. */
export function textOf({ source }: TakenMail): string {
  const end = source.indexOf("\n\n");
  const head = source.slice(0, end);
  const body = source.slice(end + 2);
  if (/^content-transfer-encoding: base64$/im.test(head)) {
    return Buffer.from(body, "base64").toString("utf8");
  }
  if (!/^content-transfer-encoding: quoted-printable$/im.test(head)) return body;
  const bytes = body
    .replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
