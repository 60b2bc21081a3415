import { HandrailError } from "@handrail/protocol";
import { type Clock, pause } from "../clock.ts";
import type { DeviceAnswer, DeviceGrant, Tokens } from "./oauth.ts";

/** Added to the interval each time that the appliance asks for it. Source: RFC 8628 section 3.5. */
export const slowDownMs = 5_000;

/**
 * Asks until the person has decided, no faster than the appliance allows. An appliance that cannot
 * be reached for a moment is asked again at the next turn.
 * @throws HandrailError `not-authenticated` when the code has expired, else the refusal; the
 * signal's reason when it is aborted.
 */
export async function awaitDevice(
  grant: DeviceGrant,
  options: {
    ask: (deviceCode: string) => Promise<DeviceAnswer>;
    clock: Clock;
    signal: AbortSignal;
  },
): Promise<Tokens> {
  const { ask, clock, signal } = options;
  const endsAt = clock.now() + grant.expiresInMs;
  let intervalMs = grant.intervalMs;
  for (;;) {
    await pause(clock, intervalMs, signal);
    if (clock.now() >= endsAt) break;
    const answer = await ask(grant.deviceCode).catch(pendingWhenAway);
    if (answer.state === "granted") return answer.tokens;
    if (answer.state === "slow-down") intervalMs += slowDownMs;
  }
  throw new HandrailError("not-authenticated", "the code has expired");
}

function pendingWhenAway(error: unknown): DeviceAnswer {
  if (error instanceof HandrailError && error.code === "unavailable") return { state: "pending" };
  throw error;
}
