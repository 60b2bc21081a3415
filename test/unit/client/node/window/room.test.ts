import { describe, expect, it } from "vitest";
import { heightsOn, rowsOf } from "../../../../../appliance/client/node/window/room.ts";

describe("the room in the help window", () => {
  it("shows more of what is allowed, and of the conversation, on a larger screen", () => {
    expect(heightsOn(0)).toEqual({ rows: 5, chat: 90 });
    expect(heightsOn(699)).toEqual(heightsOn(0));
    expect(heightsOn(700).rows).toBe(8);
    expect(heightsOn(800)).toEqual({ rows: 9, chat: 180 });
    expect(heightsOn(1080).rows).toBe(25);
  });

  it("counts a long line as the rows that it takes", () => {
    expect(rowsOf("short")).toBe(1);
    expect(rowsOf(`short\n${"long ".repeat(14)}`)).toBe(3);
  });
});
