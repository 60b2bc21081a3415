import { describe, expect, it } from "vitest";
import {
  type FormerCertificate,
  type HandOver,
  handOverLifetimeMs,
  handOversShape,
  handOverStatement,
  isHandedOver,
} from "@handrail/protocol";

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

const now = 2;

describe("hand-overs", () => {
  const known = { fingerprint: "fingerprint of a" };

  it("lead over as many keys as it takes, in whatever order they come", () => {
    const handOvers = [handOver("b", "c"), handOver("none", "d"), handOver("a", "b")];
    expect(isHandedOver({ known, shown: "c", now }, handOvers, read)).toBe(true);
    expect(isHandedOver({ known: { publicKeyPin: "b" }, shown: "c", now }, handOvers, read)).toBe(
      true,
    );
    expect(isHandedOver({ known, shown: "d", now }, handOvers, read)).toBe(false);
  });

  it("lead nowhere when another key has signed, from strangers, or in a circle", () => {
    expect(isHandedOver({ known, shown: "b", now }, [handOver("a", "b", "x")], read)).toBe(false);
    expect(isHandedOver({ known, shown: "c", now }, [handOver("b", "c")], read)).toBe(false);
    const circle = [handOver("a", "b"), handOver("b", "a")];
    expect(isHandedOver({ known, shown: "c", now }, circle, read)).toBe(false);
    expect(isHandedOver({ known: {}, shown: "b", now }, circle, read)).toBe(false);
  });

  it("lead nobody over from their end on, and those without one end all the same", () => {
    const shown = "b";
    const ending = { ...handOver("a", "b"), endsAt: 10 };
    expect(isHandedOver({ known, shown, now: 9 }, [ending], read)).toBe(true);
    expect(isHandedOver({ known, shown, now: 10 }, [ending], read)).toBe(false);
    const end = 1 + handOverLifetimeMs;
    for (const each of [handOver("a", "b"), { ...ending, endsAt: 2 * end }]) {
      expect(isHandedOver({ known, shown, now: end - 1 }, [each], read)).toBe(true);
      expect(isHandedOver({ known, shown, now: end }, [each], read)).toBe(false);
    }
  });

  it("are signed with their end, and are still read in the form without one", () => {
    const said = { publicKeyPin: "b", madeAt: 1 };
    expect(handOverStatement("a", said)).toBe("Handrail hand-over 1\na\nb\n1\n");
    expect(handOverStatement("a", { ...said, endsAt: 9 })).toBe(
      "Handrail hand-over 2\na\nb\n1\n9\n",
    );
    const pin = `${"A".repeat(43)}=`;
    const former = { certificate: "AAAA", publicKeyPin: pin, madeAt: 1, signature: "AAAA" };
    expect(handOversShape.parse({ handOvers: [former] }).handOvers).toEqual([former]);
  });
});
