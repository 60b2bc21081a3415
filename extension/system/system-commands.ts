import type { Lsid, ServiceVerb, SystemFields } from "@handrail/protocol";
import type { CommandTable } from "../commands.ts";
import { isNode, type SystemDesk } from "./system-desk.ts";

type SystemCommands = Pick<CommandTable, Extract<keyof CommandTable, `handrail.system.${string}`>>;

/** Which session a command is called for. */
export interface SystemTargets {
  /** One that goes on. */
  readonly session: (target: unknown) => Promise<Lsid | undefined>;
  /** One of whose start a snapshot is kept, be it over or not. */
  readonly kept: (target: unknown) => Promise<Lsid | undefined>;
}

/** The commands about system information. */
export function systemCommands(
  desk: SystemDesk,
  { session: sessionOf, kept: keptOf }: SystemTargets,
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
    "handrail.system.openStart": async (target) => {
      const lsid = await keptOf(target);
      if (lsid) await desk.openStart(lsid);
    },
    "handrail.system.compareStart": async (target) => {
      const lsid = await sessionOf(target);
      if (lsid) await desk.compareStart(lsid);
    },
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
