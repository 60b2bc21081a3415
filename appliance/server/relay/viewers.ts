import {
  channelKinds,
  type ErrorCode,
  type Frame,
  frameTypes,
  type Lsid,
  type RepresentativeId,
} from "@handrail/protocol";
import { type Link, urgencies } from "./link.ts";

/** Most bytes that may wait for one viewer. */
export const maxViewerBytes = 4 * 1024 * 1024;
/** A viewer's answer is small; anything larger is not one. */
const maxAnswerBytes = 64;

/** Somebody who watches. */
export interface Viewer {
  readonly id: RepresentativeId;
  readonly link: Link;
  readonly channel: number;
  /** Whether it has the stream from its beginning. */
  isLive: boolean;
}

/** What sees every message of the stream as well. */
export interface Tap {
  /** A frame of the surface stream; the payload is shared and must not be changed. */
  frame(frame: Frame): void;
  /** The stream was broken off within a message. */
  cut(): void;
}

/**
 * The screen of one session: one source at the customer's client, fanned out to all viewers by
 * rewriting the channel number. The source is closed while nobody watches. Whenever somebody joins
 * it is opened anew, so that the stream begins with a full picture for all. Only the first viewer
 * that is reachable answers to the source, and so sets its pace.
 */
export class Viewers {
  tap: Tap | undefined;
  readonly #lsid: Lsid;
  readonly #ended: (code: ErrorCode | undefined, reason: string) => void;
  readonly #left: (viewer: Viewer) => void;
  #viewers: Viewer[] = [];
  #customer: Link | undefined;
  #source: number | undefined;
  #isMidMessage = false;
  #messageBytes = 0;
  #mustRestart = false;

  constructor(options: {
    lsid: Lsid;
    /** The customer's client ended the source by itself. */
    ended: (code: ErrorCode | undefined, reason: string) => void;
    /** A viewer has gone by itself or was too slow. */
    left: (viewer: Viewer) => void;
  }) {
    this.#lsid = options.lsid;
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

  /** Takes a channel that its link has asked for. False when it has gone meanwhile. */
  add(id: RepresentativeId, link: Link, channel: number): boolean {
    const viewer: Viewer = { id, link, channel, isLive: false };
    const accepted = link.accept(channel, {
      frame: (frame) => this.#answered(viewer, frame),
      closed: () => this.#remove(viewer),
    });
    if (!accepted) return false;
    this.#viewers.push(viewer);
    this.restart();
    return true;
  }

  /** Sends a viewer away. */
  dismiss(viewer: Viewer, code: ErrorCode, reason: string): void {
    viewer.link.reset(viewer.channel, code, reason);
    this.#remove(viewer);
  }

  /** The customer's link is this one now; undefined: it is gone for good. */
  setCustomer(link: Link | undefined): void {
    if (link === this.#customer) return;
    this.#customer = link;
    this.#source = undefined;
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
    const source = this.#customer.open(
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
    this.#customer?.reset(source, "frame-too-large", reason);
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
      if (viewer.link.waitingBytes(urgencies.screen) > maxViewerBytes) tooSlow = viewer;
    }
    this.tap?.frame(frame);
    this.#isMidMessage = type === frameTypes.DATA_MORE;
    if (tooSlow) this.dismiss(tooSlow, "too-slow", "the picture is not taken in time");
    if (!this.#isMidMessage && this.#mustRestart) this.restart();
  }

  #answered(viewer: Viewer, frame: Frame): void {
    if (frame.type === frameTypes.CREDIT || frame.type === frameTypes.ACCEPT) return;
    if (frame.type !== frameTypes.DATA || frame.payload.length > maxAnswerBytes) {
      return this.dismiss(viewer, "protocol-violation", "not a viewer's answer");
    }
    if (viewer !== this.#pacer() || this.#source === undefined) return;
    this.#customer?.send(frame.type, this.#source, frame.payload, urgencies.input);
  }

  #pacer(): Viewer | undefined {
    return this.#viewers.find((viewer) => viewer.isLive && viewer.link.isUp);
  }

  #remove(viewer: Viewer): void {
    if (!this.#viewers.includes(viewer)) return;
    this.#viewers = this.#viewers.filter((each) => each !== viewer);
    if (this.#viewers.length === 0) this.#closeSource();
    this.#left(viewer);
  }

  #closeSource(): void {
    if (this.#source !== undefined) this.#customer?.closeChannel(this.#source, urgencies.control);
    if (this.#isMidMessage) this.tap?.cut();
    this.#source = undefined;
    this.#isMidMessage = false;
    this.#mustRestart = false;
  }

  #sourceEnded(source: number, code: ErrorCode | undefined, reason: string): void {
    if (source !== this.#source) return;
    this.#source = undefined;
    if (this.#isMidMessage) this.#dismissCut();
    this.#isMidMessage = false;
    this.#ended(code, reason);
  }

  /** Viewers with half a message cannot go on: they open their channel again. */
  #dismissCut(): void {
    this.tap?.cut();
    for (const viewer of this.#viewers.filter((each) => each.isLive)) {
      this.dismiss(viewer, "unavailable", "the stream was cut");
    }
  }
}
