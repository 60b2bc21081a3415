import { generalQueue, isQueueId, isRepresentativeId, personalQueue } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { orphanQueue, ownerOf } from "../../../../appliance/server/relay/orphans.ts";

const ann = idOf("a");
const bob = idOf("b");
const cleo = idOf("c");

function idOf(letter: string) {
  const id = letter.repeat(32);
  if (isRepresentativeId(id)) return id;
  throw new Error("32 hex digits are an id");
}

const team = `team:${"d".repeat(32)}`;
const teamQueue = isQueueId(team) ? team : generalQueue;

describe("a session that its last representative has left", () => {
  it("goes to the latest of those who took part before and are there", () => {
    const options = { former: [ann, bob, cleo], originalQueue: generalQueue };
    const there = [bob, cleo];
    expect(orphanQueue({ ...options, isReachable: (who) => there.includes(who) })).toBe(
      personalQueue(bob),
    );
  });

  it("goes to the queue it began in when none of them is there", () => {
    expect(orphanQueue({ former: [ann], originalQueue: teamQueue, isReachable: () => false })).toBe(
      teamQueue,
    );
  });

  it("goes to everyone when it began in the queue of somebody who is not there", () => {
    const originalQueue = personalQueue(ann);
    expect(orphanQueue({ former: [], originalQueue, isReachable: () => false })).toBe(generalQueue);
    expect(orphanQueue({ former: [], originalQueue, isReachable: () => true })).toBe(originalQueue);
  });
});

describe("the owner of a queue", () => {
  it("is known of personal queues only", () => {
    expect(ownerOf(personalQueue(ann))).toBe(ann);
    expect(ownerOf(generalQueue)).toBeUndefined();
    expect(ownerOf(teamQueue)).toBeUndefined();
  });
});
