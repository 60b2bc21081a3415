import { createHmac } from "node:crypto";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The code that a person's device shows, worked out here by RFC 6238 and RFC 4226 alone. `secret` is
 * what the page shows: Base32, with or without spaces.
 */
export function totpCode(secret: string, now: number = Date.now()): string {
  const bits = [...secret.replace(/\s/g, "")]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, "0");
}

/** A code that a device shows at no time near this. */
export function wrongTotpCode(secret: string, now: number = Date.now()): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => totpCode(secret, now + steps * 30_000));
  const wrong = ["000000", "111111", "222222", "333333", "444444", "555555"];
  return wrong.find((code) => !near.includes(code)) ?? "666666";
}
