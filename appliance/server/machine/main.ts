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
import { runCommand, Service } from "../update/service.ts";
import { toUpdateError, UpdateError } from "../update/update-error.ts";
import { answer, readRequest } from "./conversation.ts";
import { readJournal } from "./journal.ts";
import {
  type MachineAnswer,
  type MachineRequest,
  machineRequestShape,
  uploadName,
} from "./request.ts";

/** Whoever has taken the server over brings back no faults that a newer release has mended. */
const newerOnly = { allowOlder: false };
const log = createLog("info", complain);

process.umask(0o022);
// Whoever asked has gone: what was begun goes on.
process.stdout.on("error", () => undefined);

try {
  const request = await read();
  log.info("machine.asked", request);
  say({ done: await perform(request) });
  log.info("machine.done", { verb: request.verb });
} catch (error) {
  const { fault, message } = toUpdateError(error);
  log.error("machine.refused", { fault, error });
  say({ refused: { fault, message: message.slice(0, 2000) } });
  process.exitCode = 1;
}
process.stdin.destroy();

async function perform(request: MachineRequest): Promise<{ version?: string; journal?: string }> {
  const config = readMachineConfig(process.env);
  switch (request.verb) {
    case "update-check":
    case "update-install":
    case "update-rollback":
      return { version: await update(request, config) };
    case "journal":
      return { journal: await readJournal(config.journalCommand) };
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

/** What an update needs is loaded for an update alone: all else is waited for by somebody. */
async function update(
  request: Extract<MachineRequest, { verb: `update-${string}` }>,
  config: MachineConfig,
): Promise<string> {
  const { openUpdater } = await import("../update/open-updater.ts");
  const updater = openUpdater(process.env, systemClock, (progress) => say({ progress }));
  const upload = path.join(config.dataDirectory, "update", uploadName);
  switch (request.verb) {
    case "update-check":
      return (await updater.check(upload, newerOnly)).version;
    case "update-install":
      return (await updater.install(upload, { ...newerOnly, by: request.by })).to;
    case "update-rollback":
      return (await updater.rollback(request)).to;
  }
}

/** Everyone has been told, and has had time to finish a sentence. */
async function warned(config: MachineConfig): Promise<Service> {
  const service = new Service(config);
  if (config.warningMs > 0 && (await service.warn())) {
    say({ progress: { step: "warning" } });
    await pause(config.warningMs);
  }
  return service;
}

/** @throws UpdateError when what came is none of the requests */
async function read(): Promise<MachineRequest> {
  try {
    return machineRequestShape.parse(await readRequest());
  } catch (cause) {
    throw new UpdateError("failed", "The request cannot be read.", { cause });
  }
}

function say(line: MachineAnswer): void {
  answer(line);
}
