import { Engine, type EngineCommand } from "./engine.ts";

/** The engine in a worker of its own, so that a busy page neither delays pictures nor input. */
const engine = new Engine((event) => postMessage(event));
addEventListener("message", ({ data }: MessageEvent<EngineCommand>) => engine.take(data));
// Says that the script runs; the page hands over its canvas then.
postMessage("running");
