import {
  generalQueue,
  isRepresentativeId,
  personalQueue,
  type QueueId,
  type RepresentativeId,
} from "@handrail/protocol";

/** How long a session that everyone has left waits before it is ended, ms. */
export const orphanEndsAfterMs = 10 * 60_000;

/** The owner of a personal queue, or undefined for any other. */
export function ownerOf(queue: QueueId): RepresentativeId | undefined {
  const [kind, id = ""] = queue.split(":");
  return kind === "personal" && isRepresentativeId(id) ? id : undefined;
}

/**
 * Where a session goes that its last representative has left: to the latest of those who took part
 * before and is reachable, else to the queue it began in, else to everyone. A queue that nobody
 * attends, because its owner or the whole team is not there, is no place to wait.
 */
export function orphanQueue(options: {
  /** Those who took part before the one who left, the latest first. */
  former: readonly RepresentativeId[];
  originalQueue: QueueId;
  isAttended: (queue: QueueId) => boolean;
}): QueueId {
  const places = [...options.former.map(personalQueue), options.originalQueue];
  return places.find(options.isAttended) ?? generalQueue;
}
