import {
  type DownloadConsoleMessage,
  downloadConsoleMessage,
  type DownloadCustomerMessage,
  downloadCustomerMessage,
  type FilesConsoleMessage,
  filesConsoleMessage,
  type FilesCustomerMessage,
  filesCustomerMessage,
  type FilesWriteConsoleMessage,
  filesWriteConsoleMessage,
  type FilesWriteCustomerMessage,
  filesWriteCustomerMessage,
  maxSmallFileBytes,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

const type = <T extends string>(name: T) => fc.constant(name);
const u16 = fc.nat(0xffff);
const id = fc.nat(0xffff_ffff);
const big = fc.maxSafeNat();
const blob = fc.uint8Array({ maxLength: 40 });
const sha256 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const version = fc.uint8Array({ maxLength: 32 });
const kind = fc.constantFrom("none", "file", "folder", "link", "other");
const error = fc.constantFrom("not-found", "disk-full", "changed", "disk-fault");
const outcome = fc.oneof(type("ok"), error);
const condition = fc.constantFrom("any", "absent", "version");
const is = fc.boolean();
const entry = { kind, leadsTo: kind, mode: u16, sizeBytes: big, modifiedAt: big };
const failed = fc.record({ type: type("failed"), id, error, detail: fc.string({ maxLength: 20 }) });

const asked: fc.Arbitrary<FilesConsoleMessage> = fc.oneof(
  fc.record({ type: fc.constantFrom("places", "cancel"), id }),
  fc.record({ type: fc.constantFrom("stat", "list", "hash", "watch", "space"), id, path: blob }),
  fc.record({ type: type("search"), id, path: blob, pattern: fc.string(), most: id }),
);
const told: fc.Arbitrary<FilesCustomerMessage> = fc.oneof(
  fc.record({ type: type("places"), id, home: blob, isElevated: is }),
  fc.record({
    ...{ type: type("stat"), id, ...entry, target: blob, version },
    ...{ owner: id, group: id, mayWrite: is },
  }),
  fc.record({
    ...{ type: type("entries"), id, isLast: is },
    entries: fc.array(fc.record({ name: blob, ...entry })),
  }),
  fc.record({ type: type("hashed"), id, sizeBytes: big, version, sha256 }),
  fc.record({
    ...{ type: type("found"), id, isLast: is, isCut: is },
    found: fc.array(fc.record({ path: blob, ...entry })),
  }),
  fc.record({ type: type("watching"), id }),
  fc.record({ type: type("changed"), id, names: fc.array(blob) }),
  fc.record({ type: type("space"), id, totalBytes: big, freeBytes: big }),
  failed,
);
const wanted: fc.Arbitrary<DownloadConsoleMessage> = fc.oneof(
  fc.record({ type: type("read"), id, path: blob, offset: big, version }),
  fc.record({ type: type("get"), id, folder: blob, names: fc.array(blob) }),
  fc.record({ type: type("cancel"), id }),
);
const small = fc.record({ outcome, mode: u16, modifiedAt: big, sha256, content: blob });
const sent: fc.Arbitrary<DownloadCustomerMessage> = fc.oneof(
  fc.record({ type: type("began"), id, sizeBytes: big, mode: u16, modifiedAt: big, version }),
  fc.record({ type: type("data"), id, bytes: blob }),
  fc.record({ type: type("ended"), id, sha256, version }),
  fc.record({ type: type("got"), id, first: big, files: fc.array(small) }),
  failed,
);
const place = { mode: u16, modifiedAt: big, condition, version };
const changed: fc.Arbitrary<FilesWriteConsoleMessage> = fc.oneof(
  fc.record({ type: type("makeFolder"), id, path: blob, mode: u16 }),
  fc.record({ type: type("remove"), id, path: blob, isRecursive: is }),
  fc.record({
    type: fc.constantFrom("rename", "copy"),
    id,
    path: blob,
    to: blob,
    isOverwriting: is,
  }),
  fc.record({ type: type("link"), id, path: blob, target: blob }),
  fc.record({ type: type("change"), id, path: blob, mode: u16, modifiedAt: big }),
  fc.record({
    ...{ type: type("put"), id, folder: blob, isDurable: is },
    files: fc.array(fc.record({ name: blob, ...place, content: blob })),
  }),
  fc.record({
    ...{ type: type("begin"), id, path: blob, sizeBytes: big, ...place },
    token: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  }),
  fc.record({ type: type("data"), id, bytes: blob }),
  fc.record({ type: type("finish"), id, sha256 }),
  fc.record({ type: type("cancel"), id }),
);
const became: fc.Arbitrary<FilesWriteCustomerMessage> = fc.oneof(
  fc.record({ type: fc.constantFrom("done", "progress"), id, count: big, sizeBytes: big }),
  fc.record({
    ...{ type: type("put"), id, first: big },
    results: fc.array(fc.record({ outcome, version, sha256 })),
  }),
  fc.record({ type: type("ready"), id, offset: big }),
  fc.record({ type: type("written"), id, version }),
  failed,
);

/** One codec, and what can be written with it. */
function reads<M>(
  codec: { encode(message: M): Uint8Array; decode(bytes: Uint8Array): M },
  messages: fc.Arbitrary<M>,
) {
  return () =>
    fc.assert(
      fc.property(messages, (message) => {
        expect(codec.decode(codec.encode(message))).toEqual(message);
      }),
      { numRuns: 300 },
    );
}

describe("messages of the channels for files are read back as they were written", () => {
  it("questions", reads(filesConsoleMessage, asked));
  it("answers", reads(filesCustomerMessage, told));
  it("wishes for files", reads(downloadConsoleMessage, wanted));
  it("files", reads(downloadCustomerMessage, sent));
  it("changes", reads(filesWriteConsoleMessage, changed));
  it("what became of them", reads(filesWriteCustomerMessage, became));
});

const codecs = [
  ...[filesConsoleMessage, filesCustomerMessage, downloadConsoleMessage],
  ...[downloadCustomerMessage, filesWriteConsoleMessage, filesWriteCustomerMessage],
];

describe("what is no message of the channels for files", () => {
  it("is refused with a code of the catalogue", () => {
    const given = fc
      .tuple(fc.integer({ min: 0, max: 12 }), fc.uint8Array({ maxLength: 80 }))
      .map(([tag, rest]) => Uint8Array.of(tag, ...rest));
    fc.assert(
      fc.property(given, (bytes) => {
        for (const codec of codecs) {
          const code = codeOf(() => codec.decode(bytes));
          expect([undefined, "protocol-violation", "frame-too-large"]).toContain(code);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("such as more of a small file than one may hold, or a word that there is not", () => {
    const content = new Uint8Array(maxSmallFileBytes + 1);
    const none = new Uint8Array(0);
    const file = { outcome: "ok", mode: 0, modifiedAt: 0, sha256: none, content } as const;
    const got = { type: "got" as const, id: 1, first: 0, files: [file] };
    expect(codeOf(() => downloadCustomerMessage.encode(got))).toBe("frame-too-large");
    const failure = filesCustomerMessage.encode({
      ...{ type: "failed", id: 1, error: "exists", detail: "" },
    });
    failure[5] = 200;
    expect(codeOf(() => filesCustomerMessage.decode(failure))).toBe("protocol-violation");
  });
});
