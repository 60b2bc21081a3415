import { expect, test } from "vitest";
import { once } from "./once.ts";

test("the main job goes from a session key to the played recording", async () => {
  const steps: string[] = [];
  const result = await once((line) => steps.push(line), { pictures: "some" });
  expect(result, steps.join("\n")).toMatchObject({
    ok: true,
    typedTextArrived: true,
    chatArrived: true,
    recordingMatches: true,
    shellRan: true,
    fileEdited: true,
    folderTransferred: true,
    systemRead: true,
    clipboardCopied: true,
    runbookRan: true,
    shellRecordingPlayed: true,
    auditIntact: true,
  });
  expect(result.failed).toBeUndefined();
  expect(result.firstPictureMs).toBeGreaterThan(0);
  expect(result.inputToPixelMsP50).toBeGreaterThan(0);
});
