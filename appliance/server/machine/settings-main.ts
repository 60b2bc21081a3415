/**
 * What root does with the machine's settings: for the server and the operator's command, which are
 * not root, one request for each connection to a socket; called with `recover`, for the timer and the
 * start of the machine, it takes back a network that nobody has kept.
 */
import { systemClock } from "../clock.ts";
import { complain, createLog } from "../log.ts";
import { readMachineConfig } from "../update/machine-config.ts";
import { holdFile } from "../store/data-lock.ts";
import { answer, readRequest } from "./conversation.ts";
import { MachineSettingsError } from "./settings-error.ts";
import { SettingsKeeper } from "./settings-keeper.ts";
import { keyFingerprint } from "./settings-text.ts";
import { type SettingsAnswer, settingsRequestShape } from "./settings-request.ts";

/** A new network has to be taken up within 15 s. */
const turnWithinMs = 60_000;

const log = createLog("info", complain);
process.umask(0o022);
const { settings } = readMachineConfig(process.env);
const keeper = new SettingsKeeper(settings, systemClock);

if (process.argv[2] === "recover") {
  if (await alone(() => keeper.undoNetwork())) log.warn("machine.network-undone", {});
} else {
  // Whoever asked has gone: what was begun goes on.
  process.stdout.on("error", () => undefined);
  answer(await serve());
  process.stdin.destroy();
}

/** One at a time: what is kept must not be taken back at the same moment. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  using lock = holdFile(settings.lockFile, turnWithinMs);
  if (!lock) throw new Error("another request is not done yet");
  return await work();
}

async function serve(): Promise<SettingsAnswer> {
  try {
    const request = settingsRequestShape.parse(await readRequest());
    // Root's own log, where the server cannot reach it: who may come in by SSH.
    const key = request.verb === "ssh-set" ? keyFingerprint(request.settings.authorisedKey) : "";
    log.info("machine.asked", { verb: request.verb, ...(key === "" ? {} : { key }) });
    // Only now: whoever connects and says nothing must not keep the others waiting.
    const state = await alone(() => keeper.perform(request));
    return { done: state ? { state } : {} };
  } catch (cause) {
    const known = cause instanceof MachineSettingsError;
    const error = known ? cause : new MachineSettingsError("failed", { cause });
    log.error("machine.refused", { fault: error.fault, error: cause });
    process.exitCode = 1;
    return { refused: { fault: error.fault, message: error.message } };
  }
}
