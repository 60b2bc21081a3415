import { HandrailError } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { awaitDevice } from "../../../../extension/site/device-code.ts";
import type { DeviceAnswer, DeviceGrant, Tokens } from "../../../../extension/site/oauth.ts";
import { standingClock } from "../clock.ts";

const grant: DeviceGrant = {
  deviceCode: "device",
  userCode: "WDJB-MJHT",
  page: "https://support.example.org/device",
  expiresInMs: 60_000,
  intervalMs: 5_000,
};
const tokens: Tokens = { accessToken: "a", expiresAt: 0, refreshToken: "r" };

/** Polls an appliance that gives these answers in turn, and notes when it was asked. */
function poll(...answers: (DeviceAnswer | HandrailError)[]) {
  const clock = standingClock();
  const stop = new AbortController();
  const askedAt: number[] = [];
  const outcome = awaitDevice(grant, {
    ask: (deviceCode) => {
      expect(deviceCode).toBe("device");
      askedAt.push(clock.steady());
      const answer = answers.shift() ?? { state: "pending" };
      return answer instanceof HandrailError ? Promise.reject(answer) : Promise.resolve(answer);
    },
    clock,
    signal: stop.signal,
  }).then(
    (got) => ({ tokens: got }),
    (error: unknown) => ({ error }),
  );
  return { clock, stop, askedAt, outcome };
}

describe("waiting for a sign-in by code", () => {
  it("ends with the tokens once the person has agreed", async () => {
    const { clock, askedAt, outcome } = poll({ state: "pending" }, { state: "granted", tokens });
    await clock.advance(5_000);
    await clock.advance(5_000);
    expect(await outcome).toEqual({ tokens });
    expect(askedAt).toEqual([5_000, 10_000]);
  });

  it("asks five seconds later each time that the appliance says so", async () => {
    const slow = { state: "slow-down" } as const;
    const { clock, askedAt, outcome } = poll(slow, slow, { state: "granted", tokens });
    for (let second = 0; second < 40; second++) await clock.advance(1_000);
    await outcome;
    expect(askedAt).toEqual([5_000, 15_000, 30_000]);
  });

  it("goes on when the appliance is away for a moment", async () => {
    const away = new HandrailError("unavailable", "no route");
    const { clock, outcome } = poll(away, { state: "granted", tokens });
    await clock.advance(5_000);
    await clock.advance(5_000);
    expect(await outcome).toEqual({ tokens });
  });

  it("ends with the refusal when the person says no", async () => {
    const no = new HandrailError("not-permitted", "access_denied");
    const { clock, outcome } = poll(no);
    await clock.advance(5_000);
    expect(await outcome).toEqual({ error: no });
  });

  it("ends when the code has expired, without asking again", async () => {
    const { clock, askedAt, outcome } = poll();
    for (let turn = 0; turn < 12; turn++) await clock.advance(5_000);
    expect(await outcome).toMatchObject({ error: { code: "not-authenticated" } });
    expect(Math.max(...askedAt)).toBeLessThan(grant.expiresInMs);
  });

  it("ends at once when it is cancelled", async () => {
    const { stop, askedAt, outcome } = poll();
    stop.abort(new HandrailError("cancelled", "by the person"));
    expect(await outcome).toMatchObject({ error: { code: "cancelled" } });
    expect(askedAt).toEqual([]);
  });
});
