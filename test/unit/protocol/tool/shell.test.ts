import {
  type ShellConsoleMessage,
  shellConsoleMessage,
  type ShellCustomerMessage,
  shellCustomerMessage,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const bytes = fc.uint8Array({ maxLength: 300 });
const line = fc.string({ maxLength: 100, unit: "grapheme" });
const type = <T extends string>(name: T) => fc.constant(name);
const size = { columns: u16, rows: u16 };

const fromConsole: fc.Arbitrary<ShellConsoleMessage> = fc.oneof(
  fc.record({ type: type("start"), ...size }),
  fc.record({ type: type("attach"), shell: u32, received: u32, ...size }),
  fc.record({ type: type("input"), bytes }),
  fc.record({ type: type("resize"), ...size }),
  fc.record({ type: type("hangUp") }),
  fc.record({ type: type("startElevated"), grant: fc.string({ maxLength: 8 }), ...size }),
);
const fromCustomer: fc.Arbitrary<ShellCustomerMessage> = fc.oneof(
  fc.record({ type: type("started"), shell: u32, program: line, isElevated: fc.boolean() }),
  fc.record({ type: type("output"), bytes }),
  fc.record({ type: type("lost"), bytes: u32 }),
  fc.record({ type: type("title"), title: line }),
  fc.record({ type: type("exited"), code: fc.integer({ min: -0x8000, max: 0x7fff }) }),
);

describe("messages of a shell's channel", () => {
  it("are read back as they were written", () => {
    fc.assert(
      fc.property(fromConsole, fromCustomer, (said, answered) => {
        expect(shellConsoleMessage.decode(shellConsoleMessage.encode(said))).toEqual(said);
        expect(shellCustomerMessage.decode(shellCustomerMessage.encode(answered))).toEqual(
          answered,
        );
      }),
      { numRuns: 500 },
    );
  });

  it("are refused with a code of the catalogue when they are none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (given) => {
        for (const codec of [shellConsoleMessage, shellCustomerMessage]) {
          const code = codeOf(() => codec.decode(given));
          expect([undefined, "protocol-violation", "frame-too-large"]).toContain(code);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("hold titles and programs of at most 1 KB", () => {
    const title = "x".repeat(1025);
    expect(codeOf(() => shellCustomerMessage.encode({ type: "title", title }))).toBe(
      "frame-too-large",
    );
  });
});
