import { encodeQR } from "qr";

/** A text as a QR code: an SVG picture, black on nothing, with the quiet zone that readers need. */
export function qrPicture(text: string): string {
  return encodeQR(text, "svg", { border: 4, ecc: "medium" });
}
