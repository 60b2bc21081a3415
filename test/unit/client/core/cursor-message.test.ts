import { describe, expect, it } from "vitest";
import { surfaceMessage } from "@handrail/protocol";
import { cursorMessage } from "../../../../appliance/client/core/cursor-message.ts";

type Shows = (x: number, y: number) => boolean;

/** The message of a shape of this side that is white, and half transparent, where it shows. */
function messageOf(side: number, hot: { x: number; y: number }, shows: Shows) {
  const rgba = new Uint8Array(side * side * 4);
  for (let at = 0; at < side * side; at++) {
    if (shows(at % side, Math.floor(at / side))) rgba.set([255, 255, 255, 128], at * 4);
  }
  const shape = { serial: 1, width: side, height: side, hotX: hot.x, hotY: hot.y, rgba };
  const message = surfaceMessage.decode(cursorMessage(shape));
  if (message.type !== "cursor") throw new Error("a cursor was expected");
  return message;
}

describe("the message of the pointer's shape", () => {
  it("leaves out the empty margin and moves the hot spot with it", () => {
    const message = messageOf(24, { x: 12, y: 11 }, (x, y) => x === 12 && y >= 4 && y < 20);
    expect(message).toMatchObject({ width: 1, height: 16, hotX: 0, hotY: 7 });
    expect([...message.rgba.subarray(0, 4)]).toEqual([128, 128, 128, 128]);
    expect(message.rgba).toHaveLength(16 * 4);
  });

  it("keeps a hot spot that lies beside what shows", () => {
    const message = messageOf(8, { x: 1, y: 6 }, (x, y) => x > 4 && y < 3);
    expect(message).toMatchObject({ width: 7, height: 7, hotX: 0, hotY: 6 });
  });

  it("stays a shape where nothing shows, and none where there is none", () => {
    const hot = { x: 3, y: 3 };
    expect(messageOf(16, hot, () => false)).toMatchObject({ width: 1, height: 1 });
    expect(messageOf(0, hot, () => false)).toMatchObject({ width: 0, height: 0 });
  });
});
