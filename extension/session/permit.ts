import { HandrailError, type Permission, type Purpose, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import { customerName } from "../queue/queue-tree.ts";
import { answered } from "./answered.ts";
import type { Conduct } from "./conduct.ts";

/** What is to be allowed, and what is shown while the customer decides. */
export interface Permit {
  readonly session: SessionView;
  readonly permission: Permission;
  readonly conduct: Conduct;
  readonly title: string;
  /** What for just now, as the customer is told. */
  readonly purpose?: Purpose;
}

/**
 * Asks the customer for a permission where that is needed.
 * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`; `cancelled` when they
 *   have not answered and are not to be asked again
 */
export async function permit(wanted: Permit): Promise<void> {
  const { session, permission, conduct, title, purpose } = wanted;
  const state = session.permissions[permission];
  if (state === "granted" || session.unasked?.includes(permission)) return;
  mustNotBeDenied(session, permission);
  if (!session.customerConnected) throw new HandrailError("customer-away", "nobody to ask");
  const { lsid } = session;
  await answered(
    () => conduct.notices.waiting(lsid, title, () => conduct.ask(lsid, permission, purpose)),
    () => isToBeAskedAgain(session),
  );
}

/** @throws HandrailError `not-permitted` where policy denies it */
export function mustNotBeDenied(session: SessionView, permission: Permission): void {
  if (session.permissions[permission] !== "denied") return;
  throw new HandrailError("not-permitted", "policy denies it");
}

/** Says that there was no answer, which is no refusal. */
async function isToBeAskedAgain(session: SessionView): Promise<boolean> {
  const text = vscode.l10n.t("{0} did not answer.", customerName(session));
  const again = vscode.l10n.t("Ask Again");
  return (await vscode.window.showWarningMessage(messageText(text), again)) === again;
}
