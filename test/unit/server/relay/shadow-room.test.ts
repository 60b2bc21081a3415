import { describe, expect, it } from "vitest";
import { type Lodger, ShadowRoom } from "../../../../appliance/server/relay/shadow-room.ts";

const room = () => new ShadowRoom(100);

/** What a shadow is to the room. */
class Lodging implements Lodger {
  isWatched = true;
  givenUp = 0;
  readonly #room: ShadowRoom;

  constructor(room: ShadowRoom, sizeBytes: number) {
    this.#room = room;
    room.takes(this, sizeBytes);
  }

  giveUp(): void {
    this.givenUp++;
    this.#room.takes(this, 0);
  }
}

describe("the room of all shadows", () => {
  it("is shared: what one lets go of another may take", () => {
    const all = room();
    const [a, b] = [new Lodging(all, 60), new Lodging(all, 40)];
    expect(all.sizeBytes).toBe(100);
    all.takes(a, 10);
    all.takes(b, 90);
    expect([a.givenUp, b.givenUp]).toEqual([0, 0]);
    expect(all.sizeBytes).toBe(100);
  });

  it("takes from whom nobody has needed for longest", () => {
    const all = room();
    const [a, b, c] = [new Lodging(all, 30), new Lodging(all, 30), new Lodging(all, 30)];
    all.used(a);
    all.takes(c, 50);
    expect([a.givenUp, b.givenUp, c.givenUp]).toEqual([0, 1, 0]);
    expect(all.sizeBytes).toBe(80);
  });

  it("takes first from those that nobody watches", () => {
    const all = room();
    const [a, b] = [new Lodging(all, 50), new Lodging(all, 50)];
    b.isWatched = false;
    all.used(b);
    all.takes(a, 60);
    expect([a.givenUp, b.givenUp]).toEqual([0, 1]);
  });

  it("takes from whoever wants more than there is, after all others", () => {
    const all = room();
    const [a, b] = [new Lodging(all, 50), new Lodging(all, 101)];
    expect([a.givenUp, b.givenUp]).toEqual([1, 1]);
    expect(all.sizeBytes).toBe(0);
  });
});
