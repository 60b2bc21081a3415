import { describe, expect, it } from "vitest";
import { nameFault, shownNameFault } from "../../../../media/login/name-fault.ts";
import { fr } from "../../../../media/login/texts-fr.ts";
import { en } from "../../../../media/login/texts.ts";

describe("a name that is typed at /login", () => {
  it("is told what may be in it, not that it has a wrong format", () => {
    expect(nameFault("", en)).toBeUndefined();
    expect(nameFault("zoé.martin+1@site", en)).toBeUndefined();
    expect(nameFault("zoé martin", en)).toContain("no spaces");
    expect(nameFault("zoé martin", fr)).toContain("sans espaces");
    expect(nameFault("a".repeat(65), en)).toBe("At most 64 characters are possible; these are 65.");
  });

  it("is not cut where others see it, but told to be too long", () => {
    expect(shownNameFault("é".repeat(100), en)).toBeUndefined();
    expect(shownNameFault(` ${"é".repeat(100)} `, en)).toBeUndefined();
    expect(shownNameFault("é".repeat(101), en)).toContain("these are 101");
    expect(shownNameFault("é".repeat(101), fr)).toContain("100 caractères au plus");
  });
});
