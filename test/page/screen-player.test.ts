import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostHandlers, PlayerPane, Screenshot } from "../../media/pane/contract.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { sampleRecording } from "../unit/media/recording-writer.ts";
import { PaneStand } from "./pane-stand.ts";

const sample = await sampleRecording(15, 100);
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

async function openPlayer(bytes: Uint8Array, theme = "vscode-dark") {
  let isReady = false;
  const saved: Screenshot[] = [];
  const handlers: HostHandlers<PlayerPane> = {
    requests: {
      "recording.read": ({ fromByte, maxBytes }) => ({
        bytes: bytes.slice(fromByte, fromByte + Math.min(maxBytes, 10_000)),
      }),
      "screenshot.save": (screenshot) => {
        saved.push(screenshot);
        return { path: null };
      },
      "link.open": () => null,
    },
    notifications: { ready: () => (isReady = true), failed: () => undefined },
  };
  const stand = await PaneStand.open<PlayerPane>(browser, { pane: "player", handlers, theme });
  await poll("the pane is ready", () => isReady);
  stand.end.command("state", { language: "en", title: "LOKI", sizeBytes: bytes.length });
  return { stand, page: stand.page, saved, [Symbol.asyncDispose]: () => stand.page.close() };
}

/** SHA-256 of a screenshot's pixels, decoded by the browser; without the drawn pointer. */
async function hashOf(stand: PaneStand<PlayerPane>, shot: Screenshot | undefined) {
  const bytes = Array.from(shot?.png ?? []);
  const pixels = await stand.page.evaluate(async (png) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(png)]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    return Array.from(context?.getImageData(0, 0, canvas.width, canvas.height).data ?? []);
  }, bytes);
  return createHash("sha256").update(Uint8Array.from(pixels)).digest("hex");
}

function expectedAt(atMs: number, { pictures } = sample): string {
  const picture = pictures.findLast(({ at }) => at <= atMs);
  return createHash("sha256")
    .update(Buffer.from(picture?.pixels.buffer ?? new ArrayBuffer(0)))
    .digest("hex");
}

describe("the player", () => {
  it("plays to the end, where the last picture is exact", async () => {
    await using player = await openPlayer(sample.bytes);
    const { page, stand, saved } = player;
    await page.getByLabel("Speed").selectOption("4");
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByText("Rita had mouse and keyboard", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Play again" }).waitFor();
    stand.end.command("screenshot.take", null);
    await poll("the last picture is here", () => saved.length === 1);
    expect(await hashOf(stand, saved[0])).toBe(expectedAt(sample.lengthMs));
    expect(stand.faults).toEqual([]);
  });

  it("opens on the first picture, and says where in the recording that is", async () => {
    const late = await sampleRecording(15, 100, 4000);
    await using player = await openPlayer(late.bytes);
    const { page, stand, saved } = player;
    await page.getByText("0:05 of 0:07").waitFor();
    stand.end.command("screenshot.take", null);
    await poll("the picture is here", () => saved.length === 1);
    const position = Number(await page.getByRole("slider", { name: "Position" }).inputValue());
    expect(position).toBeGreaterThan(4000);
    expect(await hashOf(stand, saved[0])).toBe(expectedAt(position, late));
  });

  it("goes to any place, forwards and back, with the picture that was there", async () => {
    await using player = await openPlayer(sample.bytes);
    const { page, stand, saved } = player;
    const slider = page.getByRole("slider", { name: "Position" });
    await page.getByRole("button", { name: "Play", exact: true }).isEnabled();
    for (const at of [2500, 700, 1800, 100]) {
      const count = saved.length;
      await poll("the recording is loaded", () => slider.isEnabled());
      await slider.fill(String(at));
      stand.end.command("screenshot.take", null);
      await poll("the picture is here", () => saved.length > count);
      expect(await hashOf(stand, saved.at(-1))).toBe(expectedAt(at));
    }
  });

  it("shows what was said and done, and goes there", async () => {
    await using player = await openPlayer(sample.bytes);
    const { page } = player;
    await page.getByText("hello 1").waitFor();
    await page.locator(".timeline li", { hasText: "hello 1" }).getByRole("button").click();
    await page.getByText("0:02 of 0:03").waitFor();
    await page.getByText("Nobody had mouse and keyboard").waitFor();
  });

  it("plays a recording that was cut off, and says so", async () => {
    await using player = await openPlayer(sample.bytes.subarray(0, sample.bytes.length - 800));
    const { page } = player;
    await page.getByText("This recording was cut off", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("button", { name: "Play again" }).waitFor();
  });

  it("says what is wrong with another file", async () => {
    await using player = await openPlayer(new TextEncoder().encode("no recording"));
    await player.page.getByText("This recording cannot be played", { exact: false }).waitFor();
  });

  it.each(["vscode-light", "vscode-dark"])("looks right in %s", async (theme) => {
    await using player = await openPlayer(sample.bytes, theme);
    const { page } = player;
    await page.getByText("hello 1").waitFor();
    await page.locator(".timeline li", { hasText: "hello 0" }).getByRole("button").click();
    const name = `player-${theme.slice("vscode-".length)}.png`;
    await page.screenshot({ path: await artifact(name) });
  });
});
