import {
  Channel,
  closeFrame,
  type ErrorCode,
  type Frame,
  frameTypes,
  type OpenRequest,
  readReset,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { type Link, urgencies } from "./link.ts";

/**
 * Opens a channel whose near end is the appliance itself: nothing goes on to a console. It waits
 * for everything else that the link carries. What breaks the protocol ends the channel alone.
 */
export function openOwnChannel(link: Link, clock: Clock, request: OpenRequest): Channel {
  const id = link.open(request, { frame: take, closed });
  const channel: Channel = new Channel(id, request.kind, pump);
  return channel;

  function take(frame: Frame): void {
    try {
      channel.receive(frame, clock.monotonicMs());
    } catch (error) {
      const { code, message } = toHandrailError(error);
      link.reset(id, code, message);
      channel.lost(code);
    }
  }

  function closed(code: ErrorCode | undefined): void {
    if (code) channel.lost(code);
    else channel.receive(closeFrame(id), clock.monotonicMs());
  }

  function pump(): void {
    const next = () => channel.next(clock.monotonicMs());
    for (let frame = next(); frame; frame = next()) send(frame);
  }

  function send(frame: Frame): void {
    const { type, payload } = frame;
    switch (type) {
      case frameTypes.CLOSE:
        return link.closeChannel(id, urgencies.bulk);
      case frameTypes.RESET: {
        const { code, reason } = readReset(frame);
        return link.reset(id, code, reason);
      }
      case frameTypes.CREDIT:
        return link.send(type, id, payload, urgencies.control);
      default:
        return link.send(type, id, payload, urgencies.bulk);
    }
  }
}
