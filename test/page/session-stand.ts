import type { SurfaceDisplay, SurfaceRect } from "@handrail/protocol";
import type { SessionPane, SessionPaneState } from "../../media/pane/contract.ts";
import type { Browser } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { sampleState } from "../unit/media/session-sample.ts";
import { Picture, random, SurfaceWriter } from "../unit/media/surface-writer.ts";
import { PaneStand, type StandOptions, StreamSource } from "./pane-stand.ts";
import { SessionHost } from "./screen-host.ts";

/** Of the customer's screen in these tests. */
export const size = { width: 1280, height: 800 };
/** All of it. */
export const all: SurfaceRect = { x: 0, y: 0, ...size };

/** A session pane with a picture on it. */
export async function openSession(
  browser: Browser,
  state: SessionPaneState = sampleState(),
  more: Partial<StandOptions<SessionPane>> = {},
) {
  const stack = new AsyncDisposableStack();
  const host = new SessionHost();
  const options = { pane: "session", handlers: host.handlers, ...more } as const;
  const stand = stack.use(await PaneStand.open<SessionPane>(browser, options));
  const source = stack.use(await StreamSource.open());
  await poll("the pane is ready", () => host.isReady);
  stand.end.command("state", state);
  stand.end.command("stream", source.offer);
  await poll("the pane has taken the stream", () => source.isOpen);
  const writer = new SurfaceWriter();
  const picture = new Picture(size.width, size.height);
  drawDesktop(picture);
  const displays: SurfaceDisplay[] = [];
  source.send(writer.epoch(size, displays));
  source.send(await writer.update(picture, [all]));
  await poll("the first picture is acknowledged", () => source.acknowledged.length > 0);
  return {
    ...{ host, stand, source, writer, picture, page: stand.page },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Something that looks like a desktop: two windows with lines of writing. */
export function drawDesktop(picture: Picture): void {
  picture.fill(all, (x, y) => ((40 + (y >> 4)) << 16) | ((70 + (x >> 5)) << 8) | 0x80);
  const windows = [
    { x: 80, y: 60, width: 640, height: 460 },
    { x: 560, y: 300, width: 600, height: 420 },
  ];
  const next = random(8);
  for (const { x, y, width, height } of windows) {
    picture.fill({ x, y, width, height }, () => 0xf4f4f4);
    picture.fill({ x, y, width, height: 26 }, () => 0x3d5a80);
    for (let line = y + 40; line < y + height - 14; line += 16) {
      const end = Math.floor(width * (0.4 + next() * 0.5));
      const ink = () => (next() < 0.45 ? 0x202020 : 0xf4f4f4);
      picture.fill({ x: x + 16, y: line, width: end, height: 8 }, ink);
    }
  }
}
