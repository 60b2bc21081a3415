import { describe, expect, it } from "vitest";
import { Recording } from "../../../../media/screen/recording.ts";
import { Replay } from "../../../../media/screen/replay.ts";
import { type SampleRecording, sampleRecording } from "../recording-writer.ts";
import { random } from "../surface-writer.ts";

const sample = await sampleRecording();

function recordingOf(bytes: Uint8Array, pieceBytes = bytes.length): Recording {
  const recording = new Recording();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    recording.push(bytes.subarray(at, at + pieceBytes));
  }
  return recording;
}

function seek(replay: Replay, toMs: number, mayGoOn = () => true): number[] {
  return [...replay.seek(toMs, mayGoOn)];
}

function expectPictureAt(replay: Replay, { pictures }: SampleRecording, atMs: number): void {
  const expected = pictures.findLast(({ at }) => at <= atMs)?.pixels;
  expect(expected).toBeDefined();
  expect(bytesOf(replay.surface?.pixels).equals(bytesOf(expected))).toBe(true);
}

function bytesOf(pixels: Uint32Array | undefined): Buffer {
  return pixels ? Buffer.from(pixels.buffer) : Buffer.alloc(0);
}

describe("a replay", () => {
  it("shows each picture when played from beginning to end", () => {
    const replay = new Replay(recordingOf(sample.bytes));
    for (const { at } of sample.pictures) {
      // The second epoch begins in the moment of the first one's last update.
      if (at === sample.lengthMs / 2) continue;
      replay.advance(at);
      expectPictureAt(replay, sample, at);
    }
  });

  it("has the same picture after any seek as after playing there", () => {
    const next = random(5);
    const replay = new Replay(recordingOf(sample.bytes));
    for (let i = 0; i < 100; i++) {
      const at = Math.floor(next() * sample.lengthMs);
      if (at < 200 || Math.abs(at - sample.lengthMs / 2) < 200) continue;
      seek(replay, at);
      expectPictureAt(replay, sample, at);
      expect(replay.pointer.shape?.width).toBe(4);
    }
  });

  it("starts a seek at the nearest beginning of a picture, and continues where it can", () => {
    const replay = new Replay(recordingOf(sample.bytes));
    let decoded = 0;
    const count = () => {
      decoded++;
      return true;
    };
    const end = sample.lengthMs;
    seek(replay, end - 400, count);
    const fromBeginning = decoded;
    expect(fromBeginning).toBeLessThan(70);
    decoded = 0;
    seek(replay, end, count);
    expect(decoded).toBeLessThan(10);
  });

  it("reports how far a long seek is, and can be left off and begun again", () => {
    const replay = new Replay(recordingOf(sample.bytes));
    const steps = replay.seek(sample.lengthMs, () => false);
    const first = [steps.next().value, steps.next().value];
    expect(first[0]).toBeGreaterThan(0);
    expect(first[1]).toBeGreaterThan(Number(first[0]));
    const progress = seek(replay, 3000, () => false);
    expect(progress.every((part, i) => part < 1 && part > (progress[i - 1] ?? 0))).toBe(true);
    expectPictureAt(replay, sample, 3000);
  });
});

describe("a recording", () => {
  it.each([1, 7, 1000, 65_536])("reads the same in pieces of %i bytes", (pieceBytes) => {
    const recording = recordingOf(sample.bytes, pieceBytes);
    expect(recording.isTruncated).toBe(false);
    expect(recording.fault).toBeUndefined();
    expect(recording.durationMs).toBe(sample.lengthMs);
    expect(recording.beginnings).toHaveLength(2);
    expect(recording.events.map(({ what }) => what.event)).toEqual([
      "control.taken",
      "control.released",
    ]);
    expect(recording.chat.map(({ what }) => what.text)).toEqual(["hello 0", "hello 1"]);
    expect(recording.meta?.customer).toBe("A");
  });

  it("that was cut off plays to where it was cut", () => {
    const recording = recordingOf(sample.bytes.subarray(0, sample.bytes.length - 500));
    expect(recording.isTruncated).toBe(true);
    const replay = new Replay(recording);
    seek(replay, recording.durationMs);
    expectPictureAt(replay, sample, recording.durationMs);
    expect(recording.durationMs).toBeGreaterThan(sample.lengthMs / 2);
  });

  it("that is damaged somewhere plays to shortly before the damage", () => {
    const damaged = sample.bytes.slice();
    const middle = Math.floor(damaged.length * 0.7);
    damaged[middle] = (damaged[middle] ?? 0) ^ 255;
    const recording = recordingOf(damaged);
    expect(recording.fault?.code).toBe("bad-request");
    expect(recording.isTruncated).toBe(true);
    expect(recording.durationMs).toBeGreaterThan(sample.lengthMs * 0.5);
    const replay = new Replay(recording);
    seek(replay, recording.durationMs);
    expectPictureAt(replay, sample, recording.durationMs);
  });

  it("of another kind is refused", () => {
    const recording = recordingOf(new TextEncoder().encode("not a recording at all"));
    expect(recording.fault?.code).toBe("bad-request");
    expect(recording.meta).toBeUndefined();
  });
});
