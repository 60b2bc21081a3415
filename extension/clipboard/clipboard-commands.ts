import type { CommandTable } from "../commands.ts";
import type { SessionPane } from "../pane/session-pane.ts";
import type { ClipboardDesk } from "./clipboard-desk.ts";

type ClipboardCommands = Pick<
  CommandTable,
  Extract<keyof CommandTable, `handrail.clipboard.${string}`>
>;

/** The commands about the clipboard. `paneOf`: the tab of the session that one is called for. */
export function clipboardCommands(
  desk: ClipboardDesk,
  paneOf: (target: unknown) => Promise<SessionPane | undefined>,
): ClipboardCommands {
  return {
    "handrail.clipboard.send": async (target) => {
      const pane = await paneOf(target);
      // An image is not to be had from VS Code: the pane looks for one.
      if (pane && !(await desk.sendText(pane.lsid))) pane.command("clipboard.read", null);
    },
    "handrail.clipboard.get": async (target) => {
      const pane = await paneOf(target);
      if (pane) await desk.get(pane.lsid, pane);
    },
  };
}
