import { surfaceMessage } from "@handrail/protocol";
import { expect, it } from "vitest";
import type { ScreenSource } from "../../../../appliance/client/core/host.ts";
import { ScreenSender } from "../../../../appliance/client/core/screen-sender.ts";
import type { Encoder } from "../../../../appliance/client/core/surface/encoder.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { clockOf, openChannel } from "./edges.ts";

/** A screen on which nothing changes but the place of the pointer. */
class StillScreen implements ScreenSource {
  readonly width = 640;
  readonly height = 480;
  readonly pixels = new Uint32Array(640 * 480);
  at = { x: 0, y: 0 };
  #changed: () => void = () => undefined;

  /** The pointer is put somewhere. */
  put(x: number, y: number): void {
    this.at = { x, y };
    this.#changed();
  }
  displays() {
    return [];
  }
  takeDamage() {
    return [];
  }
  grab(): void {}
  cursor(): undefined {}
  pointer() {
    return this.at;
  }
  onChange(listener: () => void): void {
    this.#changed = listener;
  }
  onResize(): void {}
  onLost(): void {}
  [Symbol.dispose](): void {}
}

/** Finds nothing to send. */
const idle: Encoder = {
  begin: () => undefined,
  restart: () => undefined,
  encode: async () => ({ message: undefined, seq: 0, moreInMs: undefined }),
  [Symbol.dispose]: () => undefined,
};

function stand() {
  const fake = new FakeClock();
  const screen = new StillScreen();
  const channel = openChannel("screen");
  const told: string[] = [];
  channel.send = (bytes) => {
    const message = surfaceMessage.decode(bytes);
    if (message.type === "pointer") told.push(`${message.x},${message.y}`);
  };
  const sender = new ScreenSender({
    ...{ source: screen, encoder: idle, channel, clock: clockOf(fake), epoch: 1 },
    mayCapture: () => true,
    closed: () => undefined,
    failed: (error) => told.push(String(error)),
  });
  const pass = async (ms: number) => {
    for (let i = 0; i < ms; i++) {
      fake.advance(1);
      // What the sender began is done before time goes on.
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    }
  };
  return { screen, told, sender, pass, [Symbol.dispose]: () => sender[Symbol.dispose]() };
}

it("tells where the customer moves the pointer at once", async () => {
  using here = stand();
  await here.pass(100);
  here.screen.put(30, 40);
  await here.pass(20);
  expect(here.told).toEqual(["30,40"]);
});

it("tells where our own input put the pointer once it rests, and nothing on the way", async () => {
  using here = stand();
  await here.pass(100);
  for (let x = 100; x <= 200; x += 10) {
    here.sender.inputAt({ x, y: 200 }, x === 200);
    here.screen.put(x, 200);
    await here.pass(30);
  }
  expect(here.told).toEqual([]);
  await here.pass(200);
  expect(here.told).toEqual(["200,200"]);
  await here.pass(500);
  expect(here.told).toEqual(["200,200"]);
});
