import type { Socket } from "node:net";
import type SmtpConnection from "nodemailer/lib/smtp-connection";
import type { Clock } from "../clock.ts";
import { LineError, toLineError } from "../line/line-error.ts";
import { openSocket } from "../line/open-socket.ts";
import { privateAddress } from "../line/private-address.ts";
import { distrustOf, tlsOptions } from "../line/trust.ts";
import { MailError, type SendFault } from "./mail-error.ts";
import type { MailServer } from "./settings.ts";

/** What is sent to one person. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Whoever gets it twice has the same one twice (RFC 5322 section 3.6.4). */
  readonly id: string;
}

/** What sending rests on. */
export interface SendOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The name by which the appliance introduces itself. */
  readonly host: string;
}

const answerWithinMs = 15_000;
const silentForMs = 20_000;
const sendWithinMs = 60_000;
const noTls = new Set(["ETLS", "EREQUIRETLS"]);

/** Sends one letter; the server has taken it when this returns. @throws MailError */
export async function sendLetter(
  letter: Letter,
  server: MailServer,
  options: SendOptions,
): Promise<void> {
  try {
    await send(letter, server, options);
  } catch (error) {
    throw toMailError(error, server);
  }
}

async function send(letter: Letter, server: MailServer, options: SendOptions): Promise<void> {
  // Most commands, and an appliance that sends no mail, do without the library and its memory.
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  const message = await compose(letter, server, options.host);
  options.signal.throwIfAborted();
  const socket = await open(server, options);
  const connection = new Connection({
    connection: socket,
    host: server.host,
    name: options.host,
    secure: server.security === "tls",
    secured: server.security === "tls",
    requireTLS: server.security === "starttls",
    ignoreTLS: server.security === "none",
    tls: tlsOptions(server.host, server.trust),
    greetingTimeout: answerWithinMs,
    socketTimeout: silentForMs,
  });
  try {
    await untilOver(connection, options, async () => {
      await done((next) => connection.connect(next));
      const upgraded = server.security === "starttls" && connection._socket;
      const distrust = upgraded ? distrustOf(upgraded, server.trust) : undefined;
      if (distrust) throw distrust;
      const { user, password: pass } = server;
      if (user !== "") {
        await done((next) => connection.login({ credentials: { user, pass } }, next));
      }
      const envelope = { from: server.sender, to: [letter.to], size: message.length };
      await done((next) => connection.send(envelope, message, next));
    });
  } finally {
    connection.close();
    socket.destroy();
  }
}

/** Reaches the server. @throws LineError, MailError `not-private` */
async function open(
  { host, port, security, trust }: MailServer,
  options: { clock: Clock; signal: AbortSignal },
): Promise<Socket> {
  if (security === "tls") return openSocket({ host, port, trust }, options);
  if (security === "starttls") return openSocket({ host, port }, options);
  // Reached by the very address that was judged: a name may have another a moment later.
  const address = await privateAddress(host);
  if (address === undefined) throw new MailError("not-private");
  return openSocket({ host: address, port }, options);
}

async function compose(letter: Letter, server: MailServer, host: string): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const { sender: address, senderName: name } = server;
  const mail = new MailComposer({
    from: { name, address },
    to: letter.to,
    subject: letter.subject,
    text: letter.text,
    messageId: `<${letter.id}@${host.replace(/[[\]]/g, "")}>`,
    // Nobody's absence is to be answered to a machine. Source: RFC 3834 section 5.
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return mail.compile().build();
}

/** Works on a connection until it is done, fails by itself, or is to stop. */
async function untilOver(
  connection: SmtpConnection,
  { clock, signal }: SendOptions,
  work: () => Promise<void>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = () => reject(new LineError("lost"));
  const late = clock.after(sendWithinMs, () => reject(new LineError("timeout")));
  signal.addEventListener("abort", stop);
  connection.on("error", reject);
  connection.once("end", stop);
  work().then(resolve, reject);
  try {
    await promise;
  } finally {
    late[Symbol.dispose]();
    signal.removeEventListener("abort", stop);
  }
}

/** What calls back, awaited. */
function done(work: (next: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => (error ? reject(error) : resolve()));
  });
}

/** The facts of nodemailer's errors. Source: its "Error reference". */
interface Told {
  readonly code: string;
  readonly command: string;
  readonly answer: string | undefined;
  /** Of the server's answer, as 550. */
  readonly status: number | undefined;
}

function toMailError(error: unknown, { security }: MailServer): MailError {
  if (error instanceof MailError) return error;
  const told = toldBy(error);
  const fault = faultOf(told, security);
  if (fault === undefined) {
    const line = toLineError(error);
    return new MailError(line.fault, { cause: error, fingerprint: line.fingerprint });
  }
  const { answer, status = 0 } = told;
  const isFinal = status >= 500 && (fault === "recipient" || fault === "too-large");
  return new MailError(fault, { cause: error, answer, isFinal });
}

function toldBy(error: unknown): Told {
  const facts: Readonly<Record<string, unknown>> = error instanceof Error ? { ...error } : {};
  const { code, command, response, responseCode } = facts;
  return {
    code: typeof code === "string" ? code : "",
    command: typeof command === "string" ? command : "",
    answer: typeof response === "string" ? response : undefined,
    status: typeof responseCode === "number" ? responseCode : undefined,
  };
}

function faultOf(told: Told, security: MailServer["security"]): SendFault | undefined {
  const { code, command, status } = told;
  if (noTls.has(code)) return security === "starttls" ? "no-starttls" : "no-tls";
  if (code === "EAUTH" || code === "ENOAUTH") {
    // From 500 to 504 the command itself is not known or not wanted (RFC 5321 section 4.2.2).
    return status === undefined || (status >= 500 && status < 505)
      ? "no-authentication"
      : "authentication";
  }
  if (code === "ETIMEDOUT") return "timeout";
  if (status === undefined) {
    // The server has named its limit, and the letter was not even offered.
    if (code === "EMESSAGE" && command === "MAIL FROM") return "too-large";
    return code === "EPROTOCOL" ? "no-smtp" : undefined;
  }
  // RFC 4954 section 6, RFC 3463 section 3.8 and RFC 1870 section 6.
  if (status === 530) return "no-authentication";
  if (status === 552 || /\b5\.3\.4\b/.test(told.answer ?? "")) return "too-large";
  if (command === "MAIL FROM") return "sender";
  if (command === "RCPT TO") return "recipient";
  return code === "EPROTOCOL" && command === "CONN" ? "no-smtp" : "refused-mail";
}
