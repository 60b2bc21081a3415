import { describe, expect, it } from "vitest";
import { Crowd, type Place } from "../../../../appliance/server/auth/crowd.ts";

function enterMany(crowd: Crowd, address: string, times: number): { left: number; in: Place[] } {
  const result = { left: 0, in: [] as Place[] };
  for (let i = 0; i < times; i++) {
    const place = crowd.enter(address, () => result.left++);
    if (place) result.in.push(place);
  }
  return result;
}

describe("a crowd at the door", () => {
  it("takes so many of one network, and others beside them", () => {
    const crowd = new Crowd({ perNetwork: 3, total: 100 });
    expect(enterMany(crowd, "192.0.2.1", 10).in.map((each) => each.neighbours)).toEqual([1, 2, 3]);
    expect(enterMany(crowd, "2001:db8:1:2::1", 2).in).toHaveLength(2);
    expect(enterMany(crowd, "2001:db8:1:2:ffff::9", 2).in).toHaveLength(1);
    expect(crowd.size).toBe(6);
  });

  it("has room again when somebody has gone", () => {
    const crowd = new Crowd({ perNetwork: 1, total: 1 });
    for (let i = 0; i < 10; i++) {
      const [place] = enterMany(crowd, "192.0.2.1", 2).in;
      expect(crowd.size).toBe(1);
      place?.[Symbol.dispose]();
      place?.[Symbol.dispose]();
      expect(crowd.size).toBe(0);
    }
  });

  it("that is full takes from the largest network for a smaller one", () => {
    const crowd = new Crowd({ perNetwork: 8, total: 10 });
    const large = enterMany(crowd, "192.0.2.1", 8);
    const small = enterMany(crowd, "192.0.2.2", 2);
    const newcomer = enterMany(crowd, "192.0.2.3", 4);
    expect([large.left, small.left, newcomer.left]).toEqual([4, 0, 0]);
    expect(newcomer.in).toHaveLength(4);
    // No more than the largest itself has.
    expect(enterMany(crowd, "192.0.2.3", 4).in).toHaveLength(0);
    expect(crowd.size).toBe(10);
  });

  it("of single ones takes from whoever has waited longest", () => {
    const crowd = new Crowd({ perNetwork: 8, total: 3 });
    const gone: string[] = [];
    for (const address of ["a", "b", "c", "d", "e"]) crowd.enter(address, () => gone.push(address));
    expect(gone).toEqual(["a", "b"]);
  });
});
