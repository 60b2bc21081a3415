import { closeSync, openSync } from "node:fs";
import { expect, it } from "vitest";
import { hungPlaceOf, placeAround } from "../../../../../appliance/client/node/files/hung-place.ts";
import { Stand } from "./lane-record.ts";

const bytes = (path: string) => Buffer.from(path);

it("knows what lies at a place or below it, and what is only called alike", () => {
  const places = [{ path: "/mnt/nas", isMount: true }];
  for (const path of ["/mnt/nas", "/mnt/nas/", "/mnt/nas/a"]) {
    expect(placeAround(bytes(path), places)).toBe(places[0]);
  }
  for (const path of ["/mnt", "/mnt/nas2", "/", "/a/mnt/nas"]) {
    expect(placeAround(bytes(path), places)).toBeUndefined();
  }
});

it("takes a path alone where its disk is one of this computer, and nothing for no path", async () => {
  await using stand = await Stand.make();
  const place = hungPlaceOf(stand.at("file"));
  expect(place).toEqual({ path: stand.at("file").toString(), isMount: false });
  const nowhere = hungPlaceOf(new Uint8Array(0));
  expect(placeAround(stand.at("other"), [place, nowhere])).toBeUndefined();
});

it("finds what was named through something that is open, and what is so no more", async () => {
  await using stand = await Stand.make();
  const descriptor = openSync(stand.at(), "r");
  const named = bytes(`/proc/self/fd/${descriptor}/deep/file`);
  expect(hungPlaceOf(named).path).toBe(stand.at("deep", "file").toString());
  closeSync(descriptor);
  expect(hungPlaceOf(named).path).toBe(named.toString());
});
