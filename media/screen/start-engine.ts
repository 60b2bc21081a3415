import { Engine, type EngineCommand, type EngineEvent } from "./engine.ts";

/** The engine, wherever it runs. */
export interface EngineLink {
  tell(command: EngineCommand): void;
  dispose(): void;
}

/**
 * Starts the engine for a canvas: in a worker when there is a script for it, else in the page.
 * Webviews allow workers from blobs only, so the script is fetched. A worker that cannot be had is
 * no fault: the page does its work.
 */
export function startEngine(
  canvas: HTMLCanvasElement,
  workerUrl: string | undefined,
  hear: (event: EngineEvent) => void,
): EngineLink {
  const waiting: EngineCommand[] = [];
  let target: EngineLink | undefined;
  let isDisposed = false;
  const useEngine = (link: EngineLink) => {
    if (isDisposed) return link.dispose();
    target = link;
    for (const command of waiting.splice(0)) link.tell(command);
  };
  if (workerUrl === undefined || typeof Worker === "undefined") useEngine(inPage(canvas, hear));
  else {
    inWorker(canvas, workerUrl, hear).then(useEngine, () => useEngine(inPage(canvas, hear)));
  }
  return {
    tell: (command) => (target ? target.tell(command) : void waiting.push(command)),
    dispose: () => {
      isDisposed = true;
      target?.dispose();
    },
  };
}

function inPage(canvas: HTMLCanvasElement, hear: (event: EngineEvent) => void): EngineLink {
  const engine = new Engine(hear);
  engine.take({ t: "start", canvas, where: "page" });
  return {
    tell: (command) => engine.take(command),
    dispose: () => engine.take({ t: "close" }),
  };
}

async function inWorker(
  canvas: HTMLCanvasElement,
  url: string,
  hear: (event: EngineEvent) => void,
): Promise<EngineLink> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`no worker script: ${response.status}`);
  const script = await response.blob();
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = await runningWorker(address);
  worker.onmessage = ({ data }: MessageEvent<EngineEvent>) => hear(data);
  const offscreen = canvas.transferControlToOffscreen();
  const start: EngineCommand = { t: "start", canvas: offscreen, where: "worker" };
  worker.postMessage(start, [offscreen]);
  return {
    tell: (command) => worker.postMessage(command, transferable(command)),
    dispose: () => worker.terminate(),
  };
}

/** A worker that says nothing for this long is done without. */
const workerStartMs = 3000;

/** The canvas can be handed over once only: not before the worker is known to run. */
async function runningWorker(address: string): Promise<Worker> {
  const worker = new Worker(address);
  const running = new Promise<void>((resolve, reject) => {
    const refuse = () => reject(new Error("the worker did not start"));
    setTimeout(refuse, workerStartMs);
    worker.onmessage = () => resolve();
    worker.onerror = refuse;
  });
  try {
    await running;
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
  return worker;
}

/** A received message is handed over, not copied, where it fills its buffer. */
function transferable(command: EngineCommand): Transferable[] {
  if (command.t !== "surface") return [];
  const { buffer, byteLength } = command.message;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
