import type { Channel } from "@handrail/protocol";
import { expect, it } from "vitest";
import { ConsentDesk } from "../../../../appliance/client/core/consent.ts";
import { PolicyGate } from "../../../../appliance/client/core/policy-gate.ts";
import { texts } from "../../../../appliance/client/core/texts.ts";
import { ToolDesk, type ToolPlace } from "../../../../appliance/client/core/tools.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { clockOf, openChannel, WindowRecord } from "./edges.ts";

it("knows that programs have run here only once one was begun", () => {
  const gate = new PolicyGate(() => undefined);
  gate.sessionChanged("active", {});
  const parts = { gate, clock: clockOf(new FakeClock()) };
  const consents = new ConsentDesk({
    ...{ ...parts, window: new WindowRecord(), texts: texts.en, namesOf: () => [] },
    prompting: () => undefined,
    told: () => Promise.resolve(true),
  });
  let place: ToolPlace | undefined;
  let isRefused = true;
  const script = (given: ToolPlace) => {
    place = given;
    return {
      use: ({ channel }: { channel: Channel }) => {
        if (isRefused) channel.reset("unavailable", "the script is for other computers");
      },
      [Symbol.dispose]: () => undefined,
    };
  };
  using tools = new ToolDesk(gate, { script }, parts.clock, consents);
  const run = () =>
    tools.attach("script", { channel: openChannel("script"), by: "Ann", report: () => undefined });
  run();
  expect(place?.hasRunPrograms()).toBe(false);
  isRefused = false;
  run();
  expect(place?.hasRunPrograms()).toBe(true);
});
