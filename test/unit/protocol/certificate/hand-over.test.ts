import { describe, expect, it } from "vitest";
import { type FormerCertificate, type HandOver, isHandedOver } from "@handrail/protocol";

/** Certificates `a`, `b` … with the keys of the same letter; what a key signs is its letter. */
const read = (certificate: string): FormerCertificate | undefined =>
  certificate === "none"
    ? undefined
    : {
        fingerprint: `fingerprint of ${certificate}`,
        publicKeyPin: certificate,
        verify: (statement, signature) =>
          statement.includes(`fingerprint of ${certificate}\n`) && signature === certificate,
      };

function handOver(from: string, to: string, signature = from): HandOver {
  return { certificate: from, publicKeyPin: to, madeAt: 1, signature };
}

describe("hand-overs", () => {
  const known = { fingerprint: "fingerprint of a" };

  it("lead over as many keys as it takes, in whatever order they come", () => {
    const handOvers = [handOver("b", "c"), handOver("none", "d"), handOver("a", "b")];
    expect(isHandedOver({ known, shown: "c" }, handOvers, read)).toBe(true);
    expect(isHandedOver({ known: { publicKeyPin: "b" }, shown: "c" }, handOvers, read)).toBe(true);
    expect(isHandedOver({ known, shown: "d" }, handOvers, read)).toBe(false);
  });

  it("lead nowhere when another key has signed, from strangers, or in a circle", () => {
    expect(isHandedOver({ known, shown: "b" }, [handOver("a", "b", "x")], read)).toBe(false);
    expect(isHandedOver({ known, shown: "c" }, [handOver("b", "c")], read)).toBe(false);
    const circle = [handOver("a", "b"), handOver("b", "a")];
    expect(isHandedOver({ known, shown: "c" }, circle, read)).toBe(false);
    expect(isHandedOver({ known: {}, shown: "b" }, circle, read)).toBe(false);
  });
});
