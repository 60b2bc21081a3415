import {
  channelKinds,
  type ErrorCode,
  type Frame,
  frameTypes,
  type Lsid,
  type RepresentativeId,
  restartsSinceVersion,
  viewerMessage,
  type ViewerMessage,
  viewerTags,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { CheckpointDesk } from "./checkpoint-desk.ts";
import { type Link, urgencies } from "./link.ts";
import type { ShadowRoom } from "./shadow-room.ts";
import { Shadow } from "./shadow.ts";

/** Most bytes that may wait for one viewer. */
export const maxViewerBytes = 4 * 1024 * 1024;
/** A viewer's answer is small; anything larger is not one. */
const maxAnswerBytes = 64;
/** What only the appliance may say to a source. */
const ownTags: readonly unknown[] = [viewerTags.restart, viewerTags.hold];
/**
 * How long the source stays open, but held, after the last viewer has gone, ms: whoever comes back
 * to a tab gets the picture at once, and the customer's line carries only what has changed.
 */
const lingerMs = 60_000;

/** A link with the version that its other end speaks. */
export interface Peer {
  readonly link: Link;
  readonly version: number;
}

/** Somebody who watches. */
export interface Viewer extends Peer {
  readonly id: RepresentativeId;
  readonly channel: number;
  /** Whether it has the stream from its beginning, or what makes up for that. */
  isLive: boolean;
  /** What it was given at once when it came, until it has taken that, bytes. */
  catchUpBytes: number;
}

/** What sees every message of the stream as well. */
export interface Tap {
  /** A frame of the surface stream; the payload is shared and must not be changed. */
  frame(frame: Frame): void;
  /** The stream was broken off within a message. */
  cut(): void;
  /** The latest message, a `restart`, is a place to go on from; `seekPoint` may follow. */
  mark(): void;
  /** These messages show the picture as it was at the mark. */
  seekPoint(messages: readonly Uint8Array[]): void;
}

/**
 * The screen of one session: one source at the customer's client, fanned out to all viewers by
 * rewriting the channel number. Who joins gets what the shadow has, and then what everyone gets;
 * without a shadow the source is opened anew, so that the stream begins with a full picture for
 * all. Only the first viewer that is reachable answers to the source, and so sets its pace. While
 * nobody watches the source is held, and soon closed.
 */
export class Viewers {
  readonly #lsid: Lsid;
  readonly #clock: Clock;
  readonly #ended: (code: ErrorCode | undefined, reason: string) => void;
  readonly #left: (viewer: Viewer) => void;
  readonly #shadow: Shadow;
  #tap: Tap | undefined;
  #viewers: Viewer[] = [];
  #customer: Peer | undefined;
  #isHeld = false;
  #lingering: Disposable | undefined;
  #source: number | undefined;
  #isMidMessage = false;
  #messageBytes = 0;
  #mustRestart = false;
  #wasSeen = false;

  constructor(options: {
    lsid: Lsid;
    clock: Clock;
    checkpoints: CheckpointDesk;
    shadowRoom: ShadowRoom;
    /** The customer's client ended the source by itself. */
    ended: (code: ErrorCode | undefined, reason: string) => void;
    /** A viewer has gone by itself or was too slow. */
    left: (viewer: Viewer) => void;
    /** The stream cannot be decoded, so that from now on it is opened anew for who joins. */
    undecodable: (reason: string) => void;
  }) {
    this.#lsid = options.lsid;
    this.#clock = options.clock;
    this.#shadow = new Shadow({
      desk: options.checkpoints,
      room: options.shadowRoom,
      isWatched: () => this.#viewers.length > 0,
      clock: options.clock,
      mayRestart: () => this.#mayRestart(),
      isRecorded: () => this.#tap !== undefined,
      ask: (type) => this.#tellSource({ type }),
      restarted: () => this.#tap?.mark(),
      made: (messages) => this.#tap?.seekPoint(messages),
      failed: options.undecodable,
    });
    this.#ended = options.ended;
    this.#left = options.left;
  }

  get count(): number {
    return this.#viewers.length;
  }

  /** Everyone who watches. */
  get all(): readonly Viewer[] {
    return this.#viewers;
  }

  /** Whether somebody who watches has answered to a picture. */
  get wasSeen(): boolean {
    return this.#wasSeen;
  }

  /** What sees the stream as well. */
  get tap(): Tap | undefined {
    return this.#tap;
  }

  /**
   * Lets this see the stream, or nothing any more. False when it sees a part that is worth nothing
   * until the stream begins anew.
   */
  setTap(tap: Tap | undefined): boolean {
    this.#tap = tap;
    if (!tap || this.#source === undefined) return true;
    if (!this.#shadow.isWhole) return false;
    this.#shadow.replay((type, payload) => tap.frame({ type, channel: 0, payload }));
    return true;
  }

  /** Takes a channel that its link has asked for. False when it has gone meanwhile. */
  add(id: RepresentativeId, peer: Peer, channel: number): boolean {
    const viewer: Viewer = { ...peer, id, channel, isLive: false, catchUpBytes: 0 };
    const accepted = peer.link.accept(channel, {
      frame: (frame) => this.#answered(viewer, frame),
      closed: () => this.#remove(viewer),
    });
    if (!accepted) return false;
    this.#viewers.push(viewer);
    if (!this.#catchUp(viewer)) this.restart();
    return true;
  }

  /** Closes the source if nobody watches. */
  closeUnwatched(): void {
    if (this.#viewers.length === 0) this.#closeSource();
  }

  /** Sends a viewer away. */
  dismiss(viewer: Viewer, code: ErrorCode, reason: string): void {
    viewer.link.reset(viewer.channel, code, reason);
    this.#remove(viewer);
  }

  /** The customer's link is this one now; undefined: it is gone for good. */
  setCustomer(customer: Peer | undefined): void {
    if (customer?.link === this.#customer?.link) return;
    this.#customer = customer;
    this.#forgetSource();
    if (this.#isMidMessage) this.#dismissCut();
    this.#isMidMessage = false;
    this.restart();
  }

  /** Begins the stream anew for all, as soon as the message under way is complete. */
  restart(): void {
    if (this.#isMidMessage && this.#source !== undefined) {
      this.#mustRestart = true;
      return;
    }
    this.#mustRestart = false;
    this.#closeSource();
    if (this.#viewers.length === 0 || !this.#customer) return;
    for (const viewer of this.#viewers) viewer.isLive = true;
    const source = this.#customer.link.open(
      { kind: "screen", lsid: this.#lsid },
      {
        frame: (frame) => this.#fanOut(source, frame),
        closed: (code, reason) => this.#sourceEnded(source, code, reason),
      },
    );
    this.#source = source;
    this.#messageBytes = 0;
  }

  /** A message that no viewer would take: the fault is the customer's client's alone. */
  #refuseSource(source: number): void {
    const reason = "a message of the picture is too large";
    this.#customer?.link.reset(source, "frame-too-large", reason);
    this.#sourceEnded(source, "frame-too-large", reason);
  }

  #fanOut(source: number, frame: Frame): void {
    if (source !== this.#source) return;
    const { type, payload } = frame;
    if (type !== frameTypes.DATA && type !== frameTypes.DATA_MORE) return;
    this.#messageBytes += payload.length;
    if (this.#messageBytes > channelKinds.screen.maxMessageBytes) return this.#refuseSource(source);
    if (type === frameTypes.DATA) this.#messageBytes = 0;
    let tooSlow: Viewer | undefined;
    for (const viewer of this.#viewers) {
      if (!viewer.isLive) continue;
      viewer.link.send(type, viewer.channel, payload, urgencies.screen);
      if (isTooSlow(viewer)) tooSlow = viewer;
    }
    this.#tap?.frame(frame);
    this.#shadow.frame(frame);
    this.#isMidMessage = type === frameTypes.DATA_MORE;
    if (tooSlow) this.dismiss(tooSlow, "too-slow", "the picture is not taken in time");
    if (!this.#isMidMessage && this.#mustRestart) this.restart();
  }

  #answered(viewer: Viewer, frame: Frame): void {
    if (frame.type === frameTypes.CREDIT || frame.type === frameTypes.ACCEPT) return;
    if (frame.type !== frameTypes.DATA || frame.payload.length > maxAnswerBytes) {
      return this.dismiss(viewer, "protocol-violation", "not a viewer's answer");
    }
    if (ownTags.includes(frame.payload[0])) {
      return this.dismiss(viewer, "protocol-violation", "not for a viewer to say");
    }
    this.#wasSeen = true;
    if (viewer !== this.#pacer() || this.#source === undefined) return;
    this.#customer?.link.send(frame.type, this.#source, frame.payload, urgencies.input);
  }

  /** Shows a newcomer what all see. False when that takes a stream that begins anew. */
  #catchUp(viewer: Viewer): boolean {
    const shadow = this.#shadow;
    const mayHave = speaksRestart(viewer) || !shadow.hasRestarted;
    if (this.#source === undefined || this.#mustRestart || !shadow.isWhole || !mayHave) {
      return false;
    }
    viewer.isLive = true;
    viewer.catchUpBytes = shadow.sizeBytes;
    shadow.replay((type, payload) => {
      viewer.link.send(type, viewer.channel, payload, urgencies.screen);
    });
    this.#hold(false);
    return true;
  }

  #mayRestart(): boolean {
    return this.#canTell() && this.#viewers.every(speaksRestart);
  }

  #canTell(): boolean {
    return this.#customer !== undefined && speaksRestart(this.#customer);
  }

  #tellSource(message: ViewerMessage): void {
    if (this.#source === undefined) return;
    const bytes = viewerMessage.encode(message);
    this.#customer?.link.send(frameTypes.DATA, this.#source, bytes, urgencies.input);
  }

  #hold(on: boolean): void {
    this.#lingering?.[Symbol.dispose]();
    this.#lingering = undefined;
    if (on === this.#isHeld) return;
    this.#isHeld = on;
    this.#tellSource({ type: "hold", on });
    if (on) this.#lingering = this.#clock.after(lingerMs, () => this.closeUnwatched());
  }

  /** The last viewer has gone, perhaps to another tab. */
  #rest(): void {
    const isWorthIt = this.#source !== undefined && this.#shadow.isWhole && this.#canTell();
    if (isWorthIt && !this.#mustRestart) this.#hold(true);
    else this.#closeSource();
  }

  #pacer(): Viewer | undefined {
    return this.#viewers.find((viewer) => viewer.isLive && viewer.link.isUp);
  }

  #remove(viewer: Viewer): void {
    if (!this.#viewers.includes(viewer)) return;
    this.#viewers = this.#viewers.filter((each) => each !== viewer);
    if (this.#viewers.length === 0) this.#rest();
    this.#left(viewer);
  }

  #closeSource(): void {
    if (this.#source !== undefined) {
      this.#customer?.link.closeChannel(this.#source, urgencies.control);
    }
    if (this.#isMidMessage) this.#tap?.cut();
    this.#forgetSource();
    this.#isMidMessage = false;
    this.#mustRestart = false;
  }

  #forgetSource(): void {
    this.#source = undefined;
    this.#shadow.cut();
    this.#isHeld = false;
    this.#lingering?.[Symbol.dispose]();
    this.#lingering = undefined;
  }

  #sourceEnded(source: number, code: ErrorCode | undefined, reason: string): void {
    if (source !== this.#source) return;
    this.#forgetSource();
    if (this.#isMidMessage) this.#dismissCut();
    this.#isMidMessage = false;
    this.#ended(code, reason);
  }

  /** Viewers with half a message cannot go on: they open their channel again. */
  #dismissCut(): void {
    this.#tap?.cut();
    for (const viewer of this.#viewers.filter((each) => each.isLive)) {
      this.dismiss(viewer, "unavailable", "the stream was cut");
    }
  }
}

function speaksRestart({ version }: Peer): boolean {
  return version >= restartsSinceVersion;
}

function isTooSlow(viewer: Viewer): boolean {
  const waitingBytes = viewer.link.waitingBytes(urgencies.screen);
  if (waitingBytes <= maxViewerBytes) viewer.catchUpBytes = 0;
  return waitingBytes > maxViewerBytes + viewer.catchUpBytes;
}
