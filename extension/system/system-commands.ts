import type { Lsid } from "@handrail/protocol";
import type { CommandTable } from "../commands.ts";
import type { SystemDesk } from "./system-desk.ts";

type SystemCommands = Pick<CommandTable, Extract<keyof CommandTable, `handrail.system.${string}`>>;

/** The commands about system information. `sessionOf`: which session a command is called for. */
export function systemCommands(
  desk: SystemDesk,
  sessionOf: (target: unknown) => Promise<Lsid | undefined>,
): SystemCommands {
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
  };
}
