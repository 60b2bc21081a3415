import { z } from "zod";
import { decodeText } from "../codec/struct.ts";
import { HandrailError } from "../error.ts";
import { oneLine } from "../person-text.ts";
import { type ChannelKind, isChannelKind } from "./channel.ts";
import type { Frame } from "./frame.ts";

const openShape = z.object({
  kind: z.string().max(32),
  lsid: z.string().max(32),
  by: z.string().max(100, { abort: true }).overwrite(oneLine).optional(),
  run: z.string().max(32).optional(),
});

/** What an OPEN asks for. */
export interface OpenRequest {
  readonly kind: ChannelKind;
  readonly lsid: string;
  /** For a tool: name of the representative who uses it, for the customer to see. */
  readonly by?: string | undefined;
  /** For a script: which run, as `script.prepare` has named it. */
  readonly run?: string | undefined;
}

/**
 * What an OPEN frame asks for; undefined for a kind that this version does not know.
 * @throws HandrailError `protocol-violation` when the payload is not the JSON it must be.
 */
export function readOpen(frame: Frame): OpenRequest | undefined {
  let json: unknown;
  try {
    json = JSON.parse(decodeText(frame.payload));
  } catch (cause) {
    throw new HandrailError("protocol-violation", "OPEN is not JSON", { cause });
  }
  const parsed = openShape.safeParse(json);
  if (!parsed.success) throw new HandrailError("protocol-violation", "OPEN lacks kind or lsid");
  const { kind, lsid, by, run } = parsed.data;
  return isChannelKind(kind) ? { kind, lsid, by, run } : undefined;
}
