import {
  generalQueue,
  isQueueId,
  isRepresentativeId,
  personalQueue,
  type QueueId,
} from "@handrail/protocol";
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
  const attendedBy = (...queues: QueueId[]) => ({
    isAttended: (queue: QueueId) => queue === generalQueue || queues.includes(queue),
  });

  it("goes to the latest of those who took part before and are there", () => {
    const options = { former: [ann, bob, cleo], originalQueue: teamQueue };
    const there = attendedBy(personalQueue(bob), personalQueue(cleo), teamQueue);
    expect(orphanQueue({ ...options, ...there })).toBe(personalQueue(bob));
  });

  it("goes to the queue it began in when none of them is there", () => {
    for (const originalQueue of [teamQueue, personalQueue(bob), generalQueue]) {
      const options = { former: [ann], originalQueue, ...attendedBy(originalQueue) };
      expect(orphanQueue(options)).toBe(originalQueue);
    }
  });

  it("goes to everyone when nobody is there who sees the queue it began in", () => {
    for (const originalQueue of [teamQueue, personalQueue(ann)]) {
      expect(orphanQueue({ former: [], originalQueue, ...attendedBy() })).toBe(generalQueue);
    }
  });
});

describe("the owner of a queue", () => {
  it("is known of personal queues only", () => {
    expect(ownerOf(personalQueue(ann))).toBe(ann);
    expect(ownerOf(generalQueue)).toBeUndefined();
    expect(ownerOf(teamQueue)).toBeUndefined();
  });
});
