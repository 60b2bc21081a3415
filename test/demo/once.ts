import path from "node:path";
import { Workbench } from "../console/workbench.ts";
import { Job, type JobResult, type Pictures } from "./job.ts";
import { type Say, Stage } from "./stage.ts";
import { nothingTried, type ToolResults } from "./tools.ts";

/** What the whole job found; `ok` is whether all of it was as it must be. */
export interface OnceResult extends JobResult {
  ok: boolean;
  /** The step that failed, and why; absent when all is well. */
  failed?: string;
}

/** How the job is done. */
export interface OnceOptions {
  readonly pictures: Pictures;
  /** When it is aborted, the job is given up and everything is cleaned up. */
  readonly ending?: AbortSignal;
}

const nothingFound: OnceResult = {
  ok: false,
  firstPictureMs: Number.NaN,
  inputToPixelMsP50: Number.NaN,
  inputToPixelMsP95: Number.NaN,
  typedTextArrived: false,
  chatArrived: false,
  recordingMatches: false,
  ...nothingTried,
  auditIntact: false,
};
const interrupted: OnceResult = { ...nothingFound, failed: "interrupted" };

/** Does the main job with real clicks on real parts, and measures it on the way. */
export async function once(say: Say, options: OnceOptions): Promise<OnceResult> {
  await using stage = await Stage.start(say);
  return options.ending?.aborted ? interrupted : await onceOn(stage, say, options);
}

/** The same on a stage that stands. */
export async function onceOn(stage: Stage, say: Say, options: OnceOptions): Promise<OnceResult> {
  const { pictures, ending = new AbortController().signal } = options;
  const result = { ...nothingFound };
  say("starting VS Code");
  await using workbench = await Workbench.start({
    ...(await stage.consoleOptions()),
    viewport: { width: 1280, height: 800 },
    theme: "light",
  });
  const job = new Job({ stage, workbench, say, result, pictures });
  try {
    await Promise.race([job.run(), aborted(ending)]);
    const tried: (keyof OnceResult)[] = ["typedTextArrived", "chatArrived", "recordingMatches"];
    const tools = Object.keys(nothingTried) as (keyof ToolResults)[];
    result.ok = [...tried, ...tools, "auditIntact" as const].every((name) => result[name] === true);
  } catch (error) {
    if (ending.aborted) return { ...interrupted, failed: `${job.step}: interrupted` };
    result.failed = `${job.step}: ${error instanceof Error ? error.message : String(error)}`;
    say(stage.appliance.program?.output.split("\n").slice(-12).join("\n") ?? "");
    await workbench.screenshot("demo-failed-console");
    await stage.desktop.screenshot(path.join("test/artifacts", "demo-failed-desktop.png"));
  }
  return result;
}

/** Fails as soon as the signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Error("interrupted"));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return promise;
}
