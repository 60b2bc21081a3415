import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type ErrorCode,
  errorCatalogue,
  type Hello,
  HandrailError,
  helloShape,
  maxFrameBytes,
  negotiate,
  protocolVersions,
  toHandrailError,
  type Welcome,
} from "@handrail/protocol";
import { Crowd, type Place } from "../auth/crowd.ts";
import { hashSecret } from "../auth/secret.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Link, LinkOwner } from "./link.ts";
import { acceptSocket, type LinkSocket } from "./socket.ts";

/** A party that was let in. */
export interface Admitted {
  readonly party: LinkOwner & {
    readonly link: Link;
    /** A socket carries the link now: the first one, or one that goes on with it. */
    connected(isResumed: boolean): void;
  };
  /** What the welcome says to this kind of party. */
  readonly about: Pick<Extract<Welcome, { answer: "welcome" }>, "representative" | "session">;
}

/** Who decides whom to let in. */
export interface Doorkeeper {
  /**
   * The party of a hello: with `known`, the one that it may go on with if the hello proves that it
   * is the same. @throws HandrailError the reason to refuse it
   */
  admit(hello: Hello, address: string, known: Admitted | undefined): Promise<Admitted>;
}

const helloWithinMs = 10_000;
/** A program says hello as soon as it can: where many wait, nobody is given the time to do nothing. */
const helloInCrowdWithinMs = 4_000;
const crowdedFrom = 64;
const waitingHellos = { perNetwork: 500, total: 5_000 } as const;
/** After an outage everyone comes at once: this much time for each who is connected, ms. */
const spreadPerLinkMs = 2;
const maxSpreadMs = 30_000;

interface Guest {
  socket: LinkSocket | undefined;
  timer: Disposable | undefined;
  place: Place | undefined;
  isAnswered: boolean;
}

/**
 * Receives upgrade requests and hellos: reads the one text message that comes first, lets its party
 * in or says why not, and joins the socket to a new link or to one that it goes on with.
 */
export class Reception {
  readonly #door: Doorkeeper;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #siteName: string;
  readonly #guests = new Set<Guest>();
  readonly #crowd = new Crowd(waitingHellos);
  /** Links that may be resumed, by the hash of their token. */
  readonly #known = new Map<string, Admitted>();

  constructor(options: { door: Doorkeeper; clock: Clock; log: Log; siteName: string }) {
    this.#door = options.door;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#siteName = options.siteName;
  }

  /** Takes over a socket whose request wants to upgrade to a link. */
  receive(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const guest: Guest = {
      socket: undefined,
      timer: undefined,
      place: undefined,
      isAnswered: false,
    };
    guest.place = this.#crowd.enter(request.socket.remoteAddress ?? "", () => guest.socket?.cut());
    if (!guest.place) {
      socket.destroy();
      return;
    }
    const accepted = acceptSocket(request, socket, {
      text: (text) => this.#hear(guest, text),
      frame: () => this.#refuse(guest, protocolViolation("a frame before the welcome")),
      drained: () => undefined,
      fault: (error) => this.#refuse(guest, error),
      closed: () => this.#forget(guest),
    });
    if (!accepted) return this.#forget(guest);
    guest.socket = accepted;
    guest.timer = this.#clock.after(this.#patienceMs(guest.place), () => {
      this.#refuse(guest, protocolViolation("no hello"));
    });
    this.#guests.add(guest);
    accepted.begin(head);
  }

  /** Turns away those who have not been let in yet. */
  close(): void {
    for (const guest of [...this.#guests]) guest.socket?.cut();
  }

  #patienceMs({ neighbours }: Place): number {
    const isCrowded = neighbours > crowdedFrom || this.#crowd.size > waitingHellos.total / 2;
    return isCrowded ? helloInCrowdWithinMs : helloWithinMs;
  }

  #hear(guest: Guest, text: string): void {
    if (guest.isAnswered) return this.#refuse(guest, protocolViolation("a second hello"));
    guest.isAnswered = true;
    // What it takes from here on is not the guest's fault.
    guest.timer?.[Symbol.dispose]();
    this.#answer(guest, text).catch((error: unknown) => this.#refuse(guest, error));
  }

  async #answer(guest: Guest, text: string): Promise<void> {
    const { hello, version } = readHello(text);
    const known = hello.resume && this.#known.get(hashSecret(hello.resume.token));
    const admitted = await this.#door.admit(hello, guest.socket?.address ?? "", known);
    const { socket } = guest;
    this.#forget(guest);
    if (!socket?.isOpen) {
      // A line that goes during the welcome leaves the new link away, for its party to come back.
      if (admitted !== known) admitted.party.link.end("cancelled", "gone before the welcome");
      return;
    }
    const goesOn =
      admitted === known && hello.resume !== undefined
        ? admitted.party.link.mayResume(hello.resume.received)
        : false;
    if (admitted === known && !goesOn) {
      admitted.party.link.end("resume-refused");
      return this.#afresh({ hello, version, socket });
    }
    this.#welcome({ admitted, version, socket, token: goesOn ? hello.resume?.token : undefined });
  }

  /** A link that cannot go on begins anew, as if nothing had been said of resuming. */
  async #afresh({ hello, version, socket }: Arrival): Promise<void> {
    const admitted = await this.#door.admit(hello, socket.address, undefined);
    if (socket.isOpen) this.#welcome({ admitted, version, socket, token: undefined });
    else admitted.party.link.end("cancelled", "gone before the welcome");
  }

  #welcome(options: {
    admitted: Admitted;
    version: number;
    socket: LinkSocket;
    token: string | undefined;
  }): void {
    const { admitted, version, socket } = options;
    const { link } = admitted.party;
    const isResumed = options.token !== undefined;
    const resumeToken = options.token ?? this.#remember(admitted);
    const welcome: Welcome = {
      answer: "welcome",
      version,
      siteName: this.#siteName,
      resumeToken,
      resumed: isResumed,
      received: isResumed ? link.received : 0,
      spreadMs: Math.min(maxSpreadMs, this.#known.size * spreadPerLinkMs),
      ...admitted.about,
    };
    socket.sendText(JSON.stringify(welcome));
    socket.limitMessages(maxFrameBytes);
    link.attach(socket);
    admitted.party.connected(isResumed);
  }

  /** Makes the token with which the link may go on. */
  #remember(admitted: Admitted): string {
    const token = randomBytes(32).toString("base64url");
    const hash = hashSecret(token);
    this.#known.set(hash, admitted);
    admitted.party.link.onLost(() => this.#known.delete(hash));
    return token;
  }

  #refuse(guest: Guest, error: unknown): void {
    const fault = toHandrailError(error);
    const { socket } = guest;
    this.#forget(guest);
    const code = shownCode(fault.code);
    const message = fault.code === code && code !== "internal" ? fault.message : "";
    this.#log.info("hello.refused", {
      code: fault.code,
      address: socket?.address,
      because: fault.message,
      ...(fault.code === "internal" ? { error: fault } : {}),
    });
    socket?.sendText(JSON.stringify({ answer: "refused", code, message } satisfies Welcome));
    socket?.close(code, message);
  }

  #forget(guest: Guest): void {
    guest.timer?.[Symbol.dispose]();
    guest.place?.[Symbol.dispose]();
    this.#guests.delete(guest);
  }
}

interface Arrival {
  readonly hello: Hello;
  readonly version: number;
  readonly socket: LinkSocket;
}

/** What a visitor may be told: which kind of wrong a key was is for the operator. */
function shownCode(code: ErrorCode): ErrorCode {
  if (errorCatalogue[code].shownTo === "everyone") return code;
  return code.startsWith("key-") ? "key-refused" : code;
}

function readHello(text: string): { hello: Hello; version: number } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new HandrailError("protocol-violation", "the hello is not JSON", { cause });
  }
  // A newer end may say things that this one does not know: what it speaks is asked first.
  const version = negotiate(offeredVersions(json));
  if (version === undefined) {
    const spoken = protocolVersions.join(", ");
    throw new HandrailError("version-unsupported", `this appliance speaks version ${spoken}`);
  }
  const hello = helloShape.safeParse(json);
  if (!hello.success) throw protocolViolation("ill-formed hello");
  return { hello: hello.data, version };
}

function offeredVersions(json: unknown): number[] {
  if (typeof json !== "object" || json === null || !("versions" in json)) {
    throw protocolViolation("ill-formed hello");
  }
  const { versions } = json;
  if (!Array.isArray(versions)) throw protocolViolation("ill-formed hello");
  return versions.filter((each) => typeof each === "number");
}

function protocolViolation(message: string): HandrailError {
  return new HandrailError("protocol-violation", message);
}
