import type { consoleSide, Handlers, RepresentativeId } from "@handrail/protocol";
import type { LiveSession } from "./live-session.ts";
import type { Scripts } from "./scripts.ts";

/** What calls about scripts work with. */
export interface ScriptDesk {
  readonly scripts: Scripts;
}

/**
 * What a console may ask for about canned scripts and their runs. `mine`: a session in which
 * the representative takes part; it throws for others.
 */
export function scriptCalls(
  { scripts }: ScriptDesk,
  id: RepresentativeId,
  mine: (lsid: string) => LiveSession,
) {
  return {
    "script.list": () => scripts.list(id),
    "script.read": ({ id: script }) => scripts.read(id, script),
    "script.save": (wanted) => scripts.save(id, wanted),
    "script.delete": async (wanted) => {
      await scripts.remove(id, wanted);
      return null;
    },
    "script.prepare": async ({ lsid, source, grant }) => {
      const session = mine(lsid);
      const script = await scripts.runnable(id, source);
      return { run: await session.scripts.prepare(id, script, grant) };
    },
  } satisfies Partial<Handlers<typeof consoleSide>>;
}
