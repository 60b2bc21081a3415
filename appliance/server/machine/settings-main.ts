/**
 * What root does with the machine's settings: for the server and the operator's command, which are
 * not root, one request for each connection to a socket; called with `recover`, for the timer and the
 * start of the machine, it takes back a network that nobody has kept.
 */
import { systemClock } from "../clock.ts";
import { complain, createLog } from "../log.ts";
import { readMachineConfig } from "../update/machine-config.ts";
import { answer, readRequest } from "./conversation.ts";
import { MachineSettingsError } from "./settings-error.ts";
import { SettingsKeeper } from "./settings-keeper.ts";
import { keyFingerprint } from "./settings-text.ts";
import { type SettingsAnswer, settingsRequestShape } from "./settings-request.ts";

const log = createLog("info", complain);
process.umask(0o022);
const keeper = new SettingsKeeper(readMachineConfig(process.env).settings, systemClock);

if (process.argv[2] === "recover") {
  if (await keeper.undoNetwork()) log.warn("machine.network-undone", {});
} else {
  // Whoever asked has gone: what was begun goes on.
  process.stdout.on("error", () => undefined);
  answer(await serve());
  process.stdin.destroy();
}

async function serve(): Promise<SettingsAnswer> {
  try {
    const request = settingsRequestShape.parse(await readRequest());
    // Root's own log, where the server cannot reach it: who may come in by SSH.
    const key = request.verb === "ssh-set" ? keyFingerprint(request.settings.authorisedKey) : "";
    log.info("machine.asked", { verb: request.verb, ...(key === "" ? {} : { key }) });
    const state = await keeper.perform(request);
    return { done: state ? { state } : {} };
  } catch (cause) {
    const known = cause instanceof MachineSettingsError;
    const error = known ? cause : new MachineSettingsError("failed", { cause });
    log.error("machine.refused", { fault: error.fault, error: cause });
    process.exitCode = 1;
    return { refused: { fault: error.fault, message: error.message } };
  }
}
