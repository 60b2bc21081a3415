import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { frameTypes, isLsid, recordKinds, RecordingReader } from "@handrail/protocol";
import { expect, it } from "vitest";
import { Recorder } from "../../../../appliance/server/relay/recorder.ts";
import { RecordingStore } from "../../../../appliance/server/store/recordings.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const lsid = "0123456789abcdef0123456789abcdef";

it("spaces seek points by what an earlier run of the appliance has written", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-recorder-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  if (!isLsid(lsid)) throw new Error("32 hex digits are an LSID");
  const clock = new FakeClock();
  const store = new RecordingStore(folder);
  const meta = { siteName: "Example Support", customer: "Carla" };
  const failed = (error: Error) => expect.unreachable(String(error));

  /** One run: so much is shown, and a seek point is offered. */
  const run = async (afterMs: number) => {
    clock.advance(afterMs);
    const recorder = await Recorder.open({ lsid, store, clock, meta, failed });
    recorder.frame({ type: frameTypes.DATA, channel: 0, payload: new Uint8Array(10_000) });
    recorder.mark();
    recorder.seekPoint([new Uint8Array(1000)]);
    await recorder.close(false);
    const kinds = new RecordingReader().push(await readFile(store.pathOf(lsid)));
    return kinds.filter(({ kind }) => kind === recordKinds.SEEK).length;
  };
  expect(await run(0)).toBe(1);
  expect(await run(10_000)).toBe(1);
  expect(await run(30_000)).toBe(2);
});
