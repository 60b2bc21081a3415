import type { ReleaseChannelFault } from "@handrail/protocol/upkeep";
import { lineFaultTexts, toLineError } from "../../line/line-error.ts";
import { toUpdateError } from "../update-error.ts";

/** Why nothing is got from a channel. `fingerprint`: of a certificate that it showed. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
  readonly fault: ReleaseChannelFault;
  readonly fingerprint: string | undefined;

  constructor(
    fault: ReleaseChannelFault,
    options: { cause?: unknown; fingerprint?: string | undefined } = {},
  ) {
    super(`release channel: ${fault}`, { cause: options.cause });
    this.fault = fault;
    this.fingerprint = options.fingerprint;
  }
}

/** Any error as one of these. */
export function toChannelError(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new ChannelError("cancelled", { cause: error });
  }
  const { fault: known } = toUpdateError(error);
  if (known === "no-space" || known === "no-keys") return new ChannelError(known, { cause: error });
  const { fault, fingerprint } = toLineError(error);
  return new ChannelError(fault, { cause: error, fingerprint });
}

/** What is wrong with a channel and what helps, for the operator. */
export const channelFaultTexts: Readonly<Record<ReleaseChannelFault, string>> = {
  ...lineFaultTexts,
  "no-index": "There is no index.json with index.json.sig in the channel's folder.",
  forged: "The channel's index is not signed by anyone whom this appliance trusts.",
  "damaged-index": "The channel's index cannot be read.",
  "older-index": "The channel shows an older index than before: somebody may hold updates back.",
  "no-keys": "The appliance has no key with which releases could be checked.",
  "no-bundle": "The release's file is not in the channel's folder.",
  "damaged-bundle": "The release's file is not the one that the channel's index names.",
  rejected: "The channel's server refuses it and says nothing that helps.",
  "no-space": "The appliance's disk has no room for the release.",
  busy: "A release is being fetched already.",
  cancelled: "It was cancelled.",
};
