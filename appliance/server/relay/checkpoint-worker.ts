/**
 * The thread that decodes surface streams into checkpoints: takes one order at a time from
 * `CheckpointDesk` and answers it. What it is given may come from a hostile customer; the desk ends
 * the thread when an order takes too long.
 */
import { parentPort } from "node:worker_threads";
import { toHandrailError } from "@handrail/protocol";
import { makeCheckpoint } from "./checkpoint.ts";
import type { CheckpointAnswer } from "./checkpoint-desk.ts";

async function answer(messages: readonly Uint8Array[]): Promise<CheckpointAnswer> {
  try {
    return { made: await makeCheckpoint(messages) };
  } catch (error) {
    const { code, message } = toHandrailError(error);
    return { refused: code === "frame-too-large" ? "too-large" : "fault", message };
  }
}

parentPort?.on("message", (messages: Uint8Array[]) => {
  void answer(messages).then((said) => parentPort?.postMessage(said));
});
