import {
  type Channel,
  decodeFrame,
  encodeFrame,
  type Frame,
  frameTypes,
  Mux,
  type OpenRequest,
} from "@handrail/protocol";

/** One end of a link in memory: its mux, and everything that has reached it. */
export class End {
  readonly mux: Mux;
  readonly controls: string[] = [];
  readonly opened: { request: OpenRequest; channel: Channel; messages: Uint8Array[] }[] = [];
  /** Bytes under way to the other end. */
  flying: Uint8Array[] = [];
  /** Says whether a channel that the peer asks for is taken. */
  admit: (request: OpenRequest, channel: Channel) => void = () => undefined;
  wakes = 0;
  now = 0;

  constructor(side: "connecting" | "accepting") {
    this.mux = new Mux({
      side,
      now: () => this.now,
      wake: () => void this.wakes++,
      control: (text) => this.controls.push(text),
      opened: (request, channel) => {
        this.admit(request, channel);
        const messages: Uint8Array[] = [];
        channel.listener = { ...channel.listener, message: (bytes) => messages.push(bytes) };
        this.opened.push({ request, channel, messages });
      },
    });
  }

  /** Takes frames from the mux as a socket with room for `count` of them would. */
  pull(count = Infinity): Frame[] {
    const frames: Frame[] = [];
    for (let i = 0; i < count; i++) {
      const frame = this.mux.pull();
      if (!frame) break;
      this.flying.push(encodeFrame(frame));
      frames.push(frame);
    }
    return frames;
  }
}

/** Two muxes joined by an ordered wire that delivers when it is told to, and that can break. */
export class Wire {
  readonly console = new End("connecting");
  readonly appliance = new End("accepting");

  /** Delivers up to `count` messages that are under way from one end to the other. */
  deliver(from: End, count = Infinity): void {
    const to = from === this.console ? this.appliance : this.console;
    for (const bytes of from.flying.splice(0, count)) to.mux.receive(bytes);
  }

  /** Pulls and delivers in both directions until nothing moves any more. */
  settle(): void {
    do {
      for (const end of [this.console, this.appliance]) {
        end.pull();
        this.deliver(end);
      }
    } while (this.console.pull(1).length + this.appliance.pull(1).length > 0);
  }

  /** The line breaks: what was under way is gone, and so is the handshake when `welcomed` is not. */
  drop({ welcomed = true } = {}): void {
    this.console.flying = [];
    this.appliance.flying = [];
    const received = this.console.mux.memory.received;
    const told = this.appliance.mux.memory.received;
    this.appliance.mux.resume(received);
    if (welcomed) this.console.mux.resume(told);
  }

  /** Opens a channel from the console and returns both of its ends. */
  open(kind: OpenRequest["kind"] = "screen"): {
    near: Channel;
    far: Channel;
    messages: Uint8Array[];
  } {
    const near = this.console.mux.open({ kind, lsid: "" });
    this.settle();
    const last = this.appliance.opened.at(-1);
    if (!last) throw new Error("the channel did not arrive");
    return { near, far: last.channel, messages: last.messages };
  }
}

/** The name of a frame's type, for assertions that people read. */
export function nameOf(frame: Frame): string {
  return Object.entries(frameTypes).find(([, type]) => type === frame.type)?.[0] ?? "?";
}

/** A frame as it reaches a mux. */
export function bytesOf(type: keyof typeof frameTypes, channel: number, payload: number[] = []) {
  return encodeFrame({ type: frameTypes[type], channel, payload: Uint8Array.from(payload) });
}

/** The names of the frames in some bytes that are under way. */
export function namesOf(flying: readonly Uint8Array[]): string[] {
  return flying.map((bytes) => nameOf(decodeFrame(bytes)));
}
