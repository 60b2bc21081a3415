import type { consoleSide, Handlers, RepresentativeId } from "@handrail/protocol";
import type { LiveSession } from "./live-session.ts";
import type { Notes } from "./notes.ts";
import type { Scripts } from "./scripts.ts";

/** What calls about scripts and notes work with. */
export interface ScriptDesk {
  readonly scripts: Scripts;
  readonly notes: Notes;
}

/**
 * What a console may ask for about canned scripts, their runs and notes. `mine`: a session in which
 * the representative takes part; it throws for others.
 */
export function scriptCalls(
  { scripts, notes }: ScriptDesk,
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
    "script.prepare": async ({ lsid, source }) => {
      const session = mine(lsid);
      return { run: await session.scripts.prepare(id, await scripts.runnable(id, source)) };
    },
    "note.keep": async ({ lsid, note }) => {
      await notes.keep(id, mine(lsid).core.lsid, note);
      return null;
    },
  } satisfies Partial<Handlers<typeof consoleSide>>;
}
