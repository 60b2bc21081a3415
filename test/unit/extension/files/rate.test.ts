import { expect, it } from "vitest";
import { Rate } from "../../../../extension/files/rate.ts";

it("knows no rate at first", () => {
  const rate = new Rate();
  expect(rate.at(0)).toBeUndefined();
  rate.add(0, 0);
  expect(rate.at(100)).toBeUndefined();
});

it("measures what went lately, not what went before", () => {
  const rate = new Rate();
  for (let second = 0; second <= 10; second++) rate.add(second * 1_000_000, second * 1000);
  for (let second = 11; second <= 20; second++)
    rate.add(10_000_000 + (second - 10) * 1000, second * 1000);
  expect(rate.at(20_000)).toBeCloseTo(1000, -2);
  expect(rate.leftMs(5000, 20_000)).toBeCloseTo(5000, -3);
});

it("falls while nothing comes", () => {
  const rate = new Rate();
  rate.add(0, 0);
  rate.add(1000, 1000);
  expect(rate.at(1000)).toBe(1000);
  expect(rate.at(4000)).toBe(250);
});

it("does not guess how long a line takes that stands still", () => {
  const rate = new Rate();
  rate.add(0, 0);
  rate.add(0, 1000);
  expect(rate.leftMs(100, 1000)).toBeUndefined();
});

it("measures well however often it is told", () => {
  const rate = new Rate();
  for (let at = 0; at < 60_000; at++) rate.add(at, at);
  expect(rate.at(60_000)).toBeCloseTo(1000, 0);
});
