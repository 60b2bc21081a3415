import type { Lsid, ServiceVerb, SystemFields } from "@handrail/protocol";
import type { CommandTable } from "../commands.ts";
import { isNode, type SystemDesk } from "./system-desk.ts";

type SystemCommands = Pick<CommandTable, Extract<keyof CommandTable, `handrail.system.${string}`>>;

/** The commands about system information. `sessionOf`: which session a command is called for. */
export function systemCommands(
  desk: SystemDesk,
  sessionOf: (target: unknown) => Promise<Lsid | undefined>,
): SystemCommands {
  const service = (verb: ServiceVerb) => async (target?: unknown) => {
    const lsid = await sessionOf(target);
    if (lsid) await desk.acts.service(lsid, verb, rowOf(target));
  };
  return {
    "handrail.system.read": async (target) => {
      const lsid = await sessionOf(target);
      if (lsid) await desk.read(lsid);
    },
    "handrail.system.open": (target) => desk.open(target),
    "handrail.system.copy": (target) => desk.copy(target),
    "handrail.system.save": (target) => desk.save(target),
    "handrail.system.compare": (target) => desk.compare(target),
    "handrail.system.remove": (target) => desk.remove(target),
    "handrail.system.endProcess": async (target) => {
      const lsid = await sessionOf(target);
      if (lsid) await desk.acts.endProcess(lsid, rowOf(target));
    },
    "handrail.system.startService": service("start"),
    "handrail.system.stopService": service("stop"),
    "handrail.system.restartService": service("restart"),
  };
}

/** The row of the tree that a command was called for. */
function rowOf(target: unknown): SystemFields | undefined {
  return isNode(target) && target.kind === "row" ? target.row : undefined;
}
