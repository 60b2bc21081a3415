import {
  type SystemAnswer,
  systemAnswer,
  systemCategories,
  type SystemCategory,
  systemRequest,
} from "@handrail/protocol";
import { expect } from "vitest";
import type { CustomerEnd, Probe } from "./party.ts";
import { poll } from "./poll.ts";

/** What a computer says to the question of that number. */
export type Telling = (id: number, category: SystemCategory) => SystemAnswer;

/** The channel over which the appliance reads the customer's computer at the start. */
export function snapshotChannel(customer: CustomerEnd): Promise<Probe> {
  const isIt = ({ channel }: Probe) => channel.kind === "snapshot";
  return poll("the computer is read", () => customer.offered.find(isIt), 40_000);
}

/** Answers the questions of a channel, one after the other, from place `from` on. */
export async function answerAll(
  channel: Probe,
  telling: Telling,
  { from = 0, until = 10 }: { from?: number; until?: number } = {},
): Promise<void> {
  for (let place = from; place < until; place++) {
    const bytes = await poll("the next is asked for", () => channel.messages[place]);
    const { id, category } = systemRequest.decode(bytes);
    expect(category).toBe(systemCategories[place]);
    channel.send(systemAnswer.encode(telling(id, category)));
  }
}
