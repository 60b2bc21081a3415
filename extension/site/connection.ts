import {
  applianceToConsole,
  type CallName,
  type Channel,
  type ChannelKind,
  consoleSide,
  Dialogue,
  encodeFrame,
  type ErrorCode,
  HandrailError,
  heartbeatMs,
  type Hello,
  type Listeners,
  type Lsid,
  Mux,
  type Notice,
  type NoticeName,
  type Params,
  protocolVersions,
  type Result,
  resumeWithinMs,
  toHandrailError,
  type Welcome,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { SiteAddress } from "./address.ts";
import type { Guard } from "./https.ts";
import { LinkSocket } from "./link-socket.ts";
import { type LinkEvent, type LinkState, next } from "./reconnect.ts";

type ConsoleSide = typeof consoleSide;
type Welcomed = Extract<Welcome, { answer: "welcome" }>;

/** Frames are chosen as late as possible: no more than this is handed to the socket ahead. */
const aheadBytes = 32 * 1024;

/** Where to connect, and as whom. */
export interface Destination {
  readonly site: SiteAddress;
  readonly guard: Guard;
  /** An access token; a new one when `fresh`, because the last was refused. */
  readonly accessToken: (options: { fresh: boolean }) => Promise<string>;
}

/** What a connection needs from its place. */
export interface ConnectionOptions {
  readonly program: Hello["program"];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly listeners: Listeners<typeof applianceToConsole>;
  /** The link is new: nothing of before holds, ask for an overview. */
  readonly begun: (welcome: Welcomed) => void;
  /** The state changed. `error` says why it is not online, where that is known. */
  readonly changed: (state: LinkState, error: HandrailError | undefined) => void;
}

/** The mux with its dialogue: what outlives a socket. */
interface Life {
  readonly mux: Mux;
  readonly dialogue: Dialogue<ConsoleSide, typeof applianceToConsole>;
  resumeToken: string;
}

/**
 * The console's link to the appliance. It keeps itself connected: calls and channels survive a
 * socket that is lost for less than `resumeWithinMs`, and fail with `unavailable` when it is longer.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #destination: Destination | undefined;
  #state: LinkState = { phase: "off" };
  #life: Life | undefined;
  #socket: LinkSocket | undefined;
  #wait: { dispose(): void } | undefined;
  #beat: { dispose(): void } | undefined;
  #aliveAt = 0;
  #spreadMs = 0;
  #opening = 0;
  #isPumpDue = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Last measured round trip, ms. */
  get roundTripMs(): number | undefined {
    return this.#life?.mux.roundTripMs;
  }

  /** Connects, and stays connected until `stop`. */
  start(destination: Destination): void {
    this.stop();
    this.#destination = destination;
    this.#advance({ type: "started" });
  }

  /** Tries again at once when it was waiting or had given up. */
  hurry(): void {
    if (!this.#destination) return;
    this.#advance({ type: this.#state.phase === "refused" ? "started" : "hurried" });
  }

  stop(): void {
    this.#destination = undefined;
    this.#advance({ type: "stopped" });
    this.#endLife();
  }

  /** Asks the appliance. @throws HandrailError its refusal, or `unavailable`. */
  async call<N extends CallName<ConsoleSide>>(
    name: N,
    params: Params<ConsoleSide, N>,
  ): Promise<Result<ConsoleSide, N>> {
    if (!this.#life) throw new HandrailError("unavailable", `${name}: not connected`);
    return this.#life.dialogue.call(name, params);
  }

  /** Tells the appliance; dropped while there is no link. */
  tell<N extends NoticeName<ConsoleSide>>(name: N, notice: Notice<ConsoleSide, N>): void {
    this.#life?.dialogue.tell(name, notice);
  }

  /** Opens a channel of a session. @throws HandrailError `unavailable` */
  open(kind: ChannelKind, lsid: Lsid, run?: string): Channel {
    if (!this.#life) throw new HandrailError("unavailable", `open ${kind}: not connected`);
    return this.#life.mux.open({ kind, lsid, run });
  }

  dispose(): void {
    this.stop();
  }

  #advance(event: LinkEvent, error?: HandrailError): void {
    const { state, effects } = next(this.#state, event, this.#options.random());
    const isNew = state !== this.#state;
    this.#state = state;
    for (const effect of effects) {
      switch (effect.do) {
        case "open":
          this.#wait?.dispose();
          void this.#open(false);
          break;
        case "close":
          this.#close();
          break;
        case "wait":
          this.#wait = this.#options.clock.after(effect.delayMs, () =>
            this.#advance({ type: "waited" }),
          );
      }
    }
    if (isNew) this.#options.changed(state, error);
  }

  async #open(fresh: boolean): Promise<void> {
    const destination = this.#destination;
    if (!destination) return;
    const opening = ++this.#opening;
    try {
      const accessToken = await destination.accessToken({ fresh });
      if (opening !== this.#opening) return;
      this.#dial(destination, accessToken, fresh);
    } catch (error) {
      if (opening === this.#opening) this.#dropped(toHandrailError(error));
    }
  }

  #dial(destination: Destination, accessToken: string, fresh: boolean): void {
    const life = this.#resumable();
    const hello: Hello = {
      role: "console",
      versions: [...protocolVersions],
      program: this.#options.program,
      accessToken,
      ...(life && { resume: { token: life.resumeToken, received: life.mux.memory.received } }),
    };
    const socket = new LinkSocket(destination, hello, {
      welcomed: (welcome) => this.#welcomed(socket, welcome),
      frame: (bytes) => this.#received(socket, bytes),
      drained: () => this.#pump(),
      closed: (error) => {
        if (socket !== this.#socket) return;
        this.#socket = undefined;
        // An access token may have been revoked before its time: one try with a new one.
        const isOver = error?.code === "not-authenticated" && this.#state.phase === "opening";
        if (isOver && !fresh) void this.#open(true);
        else this.#dropped(error);
      },
    });
    this.#socket = socket;
  }

  #resumable(): Life | undefined {
    const isLate = this.#options.clock.steady() - this.#aliveAt > resumeWithinMs;
    if (isLate) this.#endLife();
    return this.#life;
  }

  #welcomed(socket: LinkSocket, welcome: Welcomed): void {
    if (socket !== this.#socket) return;
    this.#spreadMs = welcome.spreadMs;
    this.#alive();
    const isResumed = welcome.resumed && this.#life !== undefined;
    if (!isResumed) this.#endLife();
    const life = this.#life ?? this.#newLife(welcome.resumeToken);
    this.#life = life;
    life.resumeToken = welcome.resumeToken;
    if (isResumed) life.mux.resume(welcome.received);
    this.#options.log.info("link.opened", { resumed: isResumed, version: welcome.version });
    this.#beat = this.#options.clock.every(heartbeatMs, () => this.#check());
    life.mux.ping();
    this.#advance({ type: "opened" });
    if (!isResumed) this.#options.begun(welcome);
  }

  #newLife(resumeToken: string): Life {
    const mux: Mux = new Mux({
      side: "connecting",
      now: () => Math.round(this.#options.clock.steady()),
      wake: () => this.#pumpSoon(),
      control: (text) => dialogue.receive(text),
      opened: () => {
        throw new HandrailError("not-found", "a console takes no channels");
      },
    });
    const dialogue = new Dialogue({
      mine: consoleSide,
      theirs: applianceToConsole,
      handlers: {},
      listeners: this.#options.listeners,
      say: (text) => mux.say(text),
      failed: (error, call) => this.#options.log.error("call.failed", error, { call }),
    });
    return { mux, dialogue, resumeToken };
  }

  #endLife(): void {
    const life = this.#life;
    this.#life = undefined;
    life?.mux.lost();
    life?.dialogue.lost();
  }

  #received(socket: LinkSocket, bytes: Uint8Array): void {
    if (socket !== this.#socket || !this.#life) return;
    this.#alive();
    try {
      this.#life.mux.receive(bytes);
    } catch (error) {
      this.#broken(toHandrailError(error));
    }
  }

  /** The peer broke the protocol, or this end did: what is left is a new link. */
  #broken(error: HandrailError): void {
    this.#options.log.error("link.broken", error);
    this.#socket?.close(error.code);
    this.#socket = undefined;
    this.#endLife();
    this.#dropped(new HandrailError("unavailable", error.message, { cause: error }));
  }

  #check(): void {
    const silentMs = this.#options.clock.steady() - this.#aliveAt;
    if (silentMs > 3 * heartbeatMs) this.#socket?.drop();
    else this.#life?.mux.ping();
  }

  #alive(): void {
    this.#aliveAt = this.#options.clock.steady();
  }

  #dropped(error: HandrailError | undefined): void {
    this.#close();
    this.#options.log.info("link.dropped", { code: error?.code, why: error?.message });
    this.#advance({ type: "dropped", code: error?.code, spreadMs: this.#spreadMs }, error);
  }

  #close(): void {
    this.#opening++;
    this.#wait?.dispose();
    this.#beat?.dispose();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  // `wake` is called from within `receive` and in bursts: one pump per turn is enough.
  #pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    queueMicrotask(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { mux } = this.#life ?? {};
    const socket = this.#socket;
    if (!mux || !socket || this.#state.phase !== "online") return;
    try {
      while (socket.bufferedBytes < aheadBytes) {
        const frame = mux.pull();
        if (!frame) return;
        socket.send(encodeFrame(frame));
      }
    } catch (error) {
      this.#broken(toHandrailError(error));
    }
  }
}

/** Whether a refusal by the appliance can be mended by signing in again. */
export function needsSignIn(code: ErrorCode): boolean {
  return code === "not-authenticated" || code === "account-disabled";
}
