import { describe, expect, it } from "vitest";
import { qrPicture } from "../../../../appliance/server/auth/qr-picture.ts";
import {
  makeTotpSecret,
  totpAddress,
  totpSecretText,
  totpStep,
} from "../../../../appliance/server/auth/totp.ts";
import { totpCode, wrongTotpCode } from "../../../support/totp.ts";

/** The secret of RFC 6238, appendix B. */
const secret = Buffer.from("12345678901234567890");

describe("codes of a device", () => {
  // The last six digits of the vectors for SHA-1 in RFC 6238, appendix B.
  it.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("are those of the RFC at second %i", (second, code) => {
    expect(totpStep(secret, code, second * 1000)).toBe(Math.floor(second / 30));
    expect(totpCode(totpSecretText(secret), second * 1000)).toBe(code);
  });

  it("are taken from a clock that is one step wrong, either way, and no more", () => {
    const now = 1_234_567_890_000;
    const step = Math.floor(now / 30_000);
    const text = totpSecretText(secret);
    for (const drift of [-1, 0, 1]) {
      expect(totpStep(secret, totpCode(text, now + drift * 30_000), now)).toBe(step + drift);
    }
    for (const drift of [-2, 2]) {
      expect(totpStep(secret, totpCode(text, now + drift * 30_000), now)).toBeUndefined();
    }
    expect(totpStep(secret, wrongTotpCode(text, now), now)).toBeUndefined();
  });

  it("may be typed with a space in between, and are nothing but six digits", () => {
    expect(totpStep(secret, "287 082", 59_000)).toBe(1);
    for (const typed of ["", "28708", "2870823", "28708x", "-87082"]) {
      expect(totpStep(secret, typed, 59_000)).toBeUndefined();
    }
  });
});

describe("what a device is given", () => {
  it("is a new secret of 160 bits each time, in groups of four for typing", () => {
    const made = makeTotpSecret();
    expect(made).toHaveLength(20);
    expect(totpSecretText(made)).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    expect(totpSecretText(makeTotpSecret())).not.toBe(totpSecretText(made));
  });

  it("names site and account, also with odd characters", () => {
    const owner = { siteName: "Aide: é & co", name: "ann+1@example.org" };
    const url = new URL(totpAddress(secret, owner));
    expect(url.protocol).toBe("otpauth:");
    expect(decodeURIComponent(url.pathname)).toContain("Aide  é & co:ann+1@example.org");
    expect(url.searchParams.get("issuer")).toBe("Aide  é & co");
    expect(url.searchParams.get("secret")).toBe(totpSecretText(secret).replaceAll(" ", ""));
  });

  it("is a picture for its camera", () => {
    expect(qrPicture("otpauth://totp/x")).toMatch(/^<svg [^]*<\/svg>$/);
  });
});
