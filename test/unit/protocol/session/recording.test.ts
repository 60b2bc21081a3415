import {
  encodeRecord,
  encodeText,
  HandrailError,
  recordingMagic,
  RecordingReader,
  type RecordingRecord,
  recordKinds,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

const meta = {
  lsid: "0".repeat(32),
  startedAt: 1_700_000_000_000,
  siteName: "Site",
  customer: "A",
};
const records: RecordingRecord[] = [
  { kind: recordKinds.META, at: 0, body: encodeText(JSON.stringify(meta)) },
  { kind: recordKinds.SURFACE, at: 12, body: Uint8Array.of(5, 1, 0, 2, 0) },
  { kind: recordKinds.CHAT, at: 0xffff_ffff, body: encodeText('{"text":"é"}') },
  { kind: recordKinds.END, at: 70, body: new Uint8Array(0) },
];
const file = join([
  recordingMagic,
  encodeRecord(recordKinds.META, 0, records[0]?.body ?? new Uint8Array(0)),
  encodeRecord(recordKinds.SURFACE, 12, records[1]?.body ?? new Uint8Array(0)),
  encodeRecord(recordKinds.CHAT, 0xffff_ffff, records[2]?.body ?? new Uint8Array(0)),
  encodeRecord(recordKinds.END, 70, new Uint8Array(0)),
]);

describe("a recording", () => {
  it("is read back as it was written", () => {
    const reader = new RecordingReader();
    expect(reader.push(file)).toEqual(records);
    expect(reader.isAtRecordEnd).toBe(true);
  });

  it("is read the same in whatever pieces it comes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), (sizes) => {
        const reader = new RecordingReader();
        const read: RecordingRecord[] = [];
        let at = 0;
        for (const size of sizes) {
          read.push(...reader.push(file.subarray(at, at + size)));
          at += size;
        }
        read.push(...reader.push(file.subarray(at)));
        expect(read).toEqual(records);
      }),
    );
  });

  it("cut at any byte is read up to its last whole record", () => {
    const ends = recordEnds(file);
    for (let cut = 0; cut < file.length; cut++) {
      const reader = new RecordingReader();
      const whole = ends.filter((end) => end <= cut).length - 1;
      expect(reader.push(file.subarray(0, cut))).toEqual(records.slice(0, Math.max(0, whole)));
      expect(reader.isAtRecordEnd).toBe(ends.includes(cut));
    }
  });

  it("with any byte flipped gives an error or reads as cut, and never a wrong record", () => {
    for (let at = 0; at < file.length; at++) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const damaged = file.slice();
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        const { read, error, isAtRecordEnd } = readByRecord(damaged);
        expect(read).toEqual(records.slice(0, read.length));
        expect(read.length).toBeLessThan(records.length);
        if (error) expect([error.code, error.message]).toEqual(["bad-request", expect.any(String)]);
        // A length that reads as longer looks like a file that was cut.
        else expect(isAtRecordEnd).toBe(false);
      }
    }
  });

  it("that is something else is refused at its first bytes", () => {
    expect(() => new RecordingReader().push(encodeText("PK"))).toThrow("not a Handrail recording");
    expect(() => new RecordingReader().push(encodeText("HRREC"))).not.toThrow();
  });

  it.each([4, 64 * 1024 * 1024 + 1, 0xffff_ffff])("refuses a record length of %d", (length) => {
    const head = new Uint8Array(new Uint32Array([length]).buffer);
    const reader = new RecordingReader();
    expect(codeOf(() => reader.push(join([recordingMagic, head])))).toBe("bad-request");
  });

  it("takes no record that could not be read back", () => {
    const body = new Uint8Array(64 * 1024 * 1024 - 4);
    expect(codeOf(() => encodeRecord(recordKinds.SURFACE, 0, body))).toBe("frame-too-large");
  });

  it("with a large record in small pieces is read in a time that grows with its length only", () => {
    const body = new Uint8Array(8 * 1024 * 1024).fill(7);
    const large = join([recordingMagic, encodeRecord(recordKinds.SURFACE, 1, body)]);
    const reader = new RecordingReader();
    const startedAt = performance.now();
    const read: RecordingRecord[] = [];
    for (let at = 0; at < large.length; at += 1000) {
      read.push(...reader.push(large.subarray(at, at + 1000)));
    }
    // Copying all of it for each piece would be 35 GB.
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(read.map((record) => record.body.length)).toEqual([body.length]);
  });
});

function readByRecord(bytes: Uint8Array) {
  const reader = new RecordingReader();
  const read: RecordingRecord[] = [];
  try {
    for (let at = 0; at < bytes.length; at++) read.push(...reader.push(bytes.subarray(at, at + 1)));
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    return { read, error, isAtRecordEnd: false };
  }
  return { read, error: undefined, isAtRecordEnd: reader.isAtRecordEnd };
}

/** Where the head and each record end, read independently of the reader. */
function recordEnds(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const ends = [recordingMagic.length];
  for (let at = recordingMagic.length; at < bytes.length;) {
    at += 8 + view.getUint32(at, true);
    ends.push(at);
  }
  return ends;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
