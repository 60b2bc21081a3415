import {
  type ErrorCode,
  errorCatalogue,
  HandrailError,
  type Hello,
  isErrorCode,
  linkPath,
  linkSubprotocol,
  maxFrameBytes,
  type Welcome,
  welcomeShape,
} from "@handrail/protocol";
import { bytesOf, WebSocket } from "../web-socket.ts";
import type { SiteAddress } from "./address.ts";
import { afterGuard, type Guard, guardedTls } from "./https.ts";

const handshakeWithinMs = 15_000;

/** What became of a link's socket; each is called from within the socket's own event. */
export interface LinkSocketEvents {
  welcomed(welcome: Extract<Welcome, { answer: "welcome" }>): void;
  frame(bytes: Uint8Array): void;
  /** There is room to send again. */
  drained(): void;
  /** Once, whatever the reason. `error` is there when the appliance said or showed why. */
  closed(error: HandrailError | undefined): void;
}

/** One socket of a link: guarded TLS, hello, welcome, then frames. */
export class LinkSocket {
  readonly #socket: WebSocket;
  readonly #events: LinkSocketEvents;
  #isWelcome = false;
  #error: HandrailError | undefined;

  constructor(place: { site: SiteAddress; guard: Guard }, hello: Hello, events: LinkSocketEvents) {
    this.#events = events;
    const { site, guard } = place;
    this.#socket = new WebSocket(`wss://${new URL(site.origin).host}${linkPath}`, linkSubprotocol, {
      rejectUnauthorized: guardedTls.rejectUnauthorized ?? false,
      perMessageDeflate: false,
      handshakeTimeout: handshakeWithinMs,
      // Before the welcome a text message may be larger than a frame.
      maxPayload: 4 * maxFrameBytes,
      // Within TLS a mask guards nobody (RFC 6455 section 10.3), and no mask is no work.
      generateMask: (mask) => mask.fill(0),
      finishRequest: (request) => afterGuard(request, guard, () => request.end()),
    });
    this.#socket.on("open", () => this.#socket.send(JSON.stringify(hello)));
    this.#socket.on("message", (data, isBinary) => this.#receive(bytesOf(data), isBinary));
    this.#socket.on("error", (error) => {
      this.#error ??= toRefusal(error);
    });
    this.#socket.on("close", (code) => events.closed(this.#error ?? refusalOfClose(code)));
  }

  /** Bytes that the socket has taken and not yet sent. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame, () => this.#events.drained());
  }

  /** Ends it politely, with the catalogue's close code. */
  close(code?: ErrorCode): void {
    this.#socket.close(code ? errorCatalogue[code].close : 1000);
  }

  /** Ends it at once: the line is dead. */
  drop(): void {
    this.#socket.terminate();
  }

  #receive(bytes: Uint8Array, isBinary: boolean): void {
    if (isBinary && this.#isWelcome) return this.#events.frame(bytes);
    const welcome = isBinary ? undefined : parseWelcome(bytes);
    if (!welcome || this.#isWelcome) return this.#fail("protocol-violation", "not a welcome");
    if (welcome.answer === "refused") {
      return this.#fail(isErrorCode(welcome.code) ? welcome.code : "internal", welcome.message);
    }
    this.#isWelcome = true;
    this.#events.welcomed(welcome);
  }

  #fail(code: ErrorCode, message: string): void {
    this.#error = new HandrailError(code, message);
    this.close(code);
  }
}

function parseWelcome(bytes: Uint8Array): Welcome | undefined {
  try {
    return welcomeShape.safeParse(JSON.parse(Buffer.from(bytes).toString())).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function toRefusal(error: Error): HandrailError {
  if (error instanceof HandrailError) return error;
  return new HandrailError("unavailable", `open the link: ${error.message}`, { cause: error });
}

/** Close codes are shared by a few codes of the catalogue; the first that carries one stands. */
function refusalOfClose(close: number): HandrailError | undefined {
  const code = Object.keys(errorCatalogue)
    .filter(isErrorCode)
    .find((each) => errorCatalogue[each].close === close);
  return code && new HandrailError(code, `closed with ${close}`);
}
