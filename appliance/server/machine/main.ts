/**
 * What the appliance's machine does as root, for the server, which is not. The service manager
 * starts this program for each connection to the socket that the server alone may open; standard
 * input and output are that connection. It reads one request, does one of a few fixed things, and
 * ends. The server may be gone when it does: an update stops it.
 */
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../clock.ts";
import { createLog, complain } from "../log.ts";
import { type MachineConfig, readMachineConfig } from "../update/machine-config.ts";
import { openUpdater } from "../update/open-updater.ts";
import { runCommand, Service } from "../update/service.ts";
import { toUpdateError, UpdateError } from "../update/update-error.ts";
import {
  type MachineAnswer,
  type MachineRequest,
  machineRequestShape,
  maxRequestBytes,
  uploadName,
} from "./request.ts";

const requestWithinMs = 10_000;
/** Whoever has taken the server over brings back no faults that a newer release has mended. */
const newerOnly = { allowOlder: false };
const log = createLog("info", complain);

process.umask(0o022);
// Whoever asked has gone: what was begun goes on.
process.stdout.on("error", () => undefined);

try {
  const request = await readRequest();
  log.info("machine.asked", request);
  answer({ done: await perform(request) });
  log.info("machine.done", { verb: request.verb });
} catch (error) {
  const { fault, message } = toUpdateError(error);
  log.error("machine.refused", { fault, error });
  answer({ refused: { fault, message: message.slice(0, 2000) } });
  process.exitCode = 1;
}
process.stdin.destroy();

async function perform(request: MachineRequest): Promise<{ version?: string }> {
  const config = readMachineConfig(process.env);
  const upload = path.join(config.dataDirectory, "update", uploadName);
  const updater = () => openUpdater(process.env, systemClock, (progress) => answer({ progress }));
  switch (request.verb) {
    case "update-check":
      return { version: (await updater().check(upload, newerOnly)).version };
    case "update-install":
      return { version: (await updater().install(upload, { ...newerOnly, by: request.by })).to };
    case "update-rollback":
      return { version: (await updater().rollback(request)).to };
    case "restart": {
      const service = await warned(config);
      await service.stop();
      await service.start();
      return {};
    }
    case "reboot":
      await warned(config);
      await runCommand(config.rebootCommand);
      return {};
    case "power-off":
      await warned(config);
      await runCommand(config.powerOffCommand);
      return {};
  }
}

/** Everyone has been told, and has had time to finish a sentence. */
async function warned(config: MachineConfig): Promise<Service> {
  const service = new Service(config);
  if (config.warningMs > 0 && (await service.warn())) {
    answer({ progress: { step: "warning" } });
    await pause(config.warningMs);
  }
  return service;
}

/** The first line of standard input. @throws UpdateError when it is none of the requests */
async function readRequest(): Promise<MachineRequest> {
  const refuse = (cause?: unknown) =>
    new UpdateError("failed", "The request cannot be read.", { cause });
  const timer = setTimeout(() => process.stdin.destroy(refuse()), requestWithinMs);
  let text = "";
  try {
    for await (const piece of process.stdin
      .setEncoding("utf8")
      .iterator({ destroyOnReturn: false })) {
      text += String(piece);
      if (text.includes("\n") || text.length > maxRequestBytes) break;
    }
    const [line = ""] = text.slice(0, maxRequestBytes).split("\n", 1);
    return machineRequestShape.parse(JSON.parse(line));
  } catch (cause) {
    throw refuse(cause);
  } finally {
    clearTimeout(timer);
  }
}

function answer(line: MachineAnswer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
