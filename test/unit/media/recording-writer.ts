import {
  type ChatMessage,
  encodeRecord,
  encodeText,
  recordingMagic,
  recordKinds,
  type SessionEvent,
  surfaceMessage,
} from "@handrail/protocol";
import { Picture, random, SurfaceWriter } from "./surface-writer.ts";

/** A recording made for a test, and the picture after each of its surface messages. */
export interface SampleRecording {
  readonly bytes: Uint8Array;
  readonly lengthMs: number;
  /** Pixels as a viewer has them, at and after `at`. */
  readonly pictures: { at: number; pixels: Uint32Array }[];
}

const size = { width: 200, height: 120 };

/**
 * Two epochs of moving rectangles and scrolls, with events and chat; `updates` in each. The first
 * begins at `fromMs`.
 */
export async function sampleRecording(
  updates = 30,
  everyMs = 200,
  fromMs = 0,
): Promise<SampleRecording> {
  const parts: Uint8Array[] = [recordingMagic];
  const pictures: SampleRecording["pictures"] = [];
  const put = (kind: number, at: number, body: Uint8Array) => {
    const known = Object.values(recordKinds).find((value) => value === kind);
    if (known) parts.push(encodeRecord(known, at, body));
  };
  const json = (value: unknown) => encodeText(JSON.stringify(value));
  const meta = { lsid: "0".repeat(32), startedAt: 1_700_000_000_000, siteName: "T", customer: "A" };
  put(recordKinds.META, 0, json(meta));
  const writer = new SurfaceWriter();
  const next = random(31337);
  let at = fromMs;
  for (let epoch = 0; epoch < 2; epoch++) {
    const picture = new Picture(size.width, size.height);
    put(recordKinds.SURFACE, at, writer.epoch(size));
    put(recordKinds.SURFACE, at, cursor());
    for (let i = 0; i < updates; i++) {
      at += everyMs;
      const x = Math.floor(next() * 150);
      const rect = { x, y: Math.floor(next() * 80), width: 40, height: 30 };
      const color = Math.floor(next() * 0xffffff);
      const scroll = { rect: { x: 0, y: 0, width: 200, height: 110 }, dx: 0, dy: 10 };
      const copies = i % 5 === 4 ? [scroll] : [];
      for (const copy of copies) picture.copy(copy);
      picture.fill(rect, (px, py) => (color + px * py) & 0xffffff);
      put(recordKinds.SURFACE, at, await writer.update(picture, [rect], copies));
      put(recordKinds.SURFACE, at, surfaceMessage.encode({ type: "pointer", x, y: rect.y }));
      pictures.push({ at, pixels: picture.shown() });
      if (i === 5) put(recordKinds.EVENT, at, json(event(epoch, at)));
      if (i === 9) put(recordKinds.CHAT, at, json(said(epoch, at)));
    }
  }
  put(recordKinds.END, at, new Uint8Array());
  return { bytes: new Uint8Array(Buffer.concat(parts)), lengthMs: at, pictures };
}

function cursor(): Uint8Array {
  const rgba = new Uint8Array(4 * 4 * 4).fill(255);
  return surfaceMessage.encode({ type: "cursor", width: 4, height: 4, hotX: 0, hotY: 0, rgba });
}

function event(seq: number, at: number): SessionEvent {
  const name = seq === 0 ? "control.taken" : "control.released";
  return { seq, at: 1_700_000_000_000 + at, event: name, who: "Rita", detail: {} };
}

function said(seq: number, at: number): ChatMessage {
  const from = { kind: "customer", name: "Ann" } as const;
  return { seq, from, text: `hello ${seq}`, at: 1_700_000_000_000 + at };
}
