import { HandrailError, type Permission, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import type { Conduct } from "./conduct.ts";

/** What is to be allowed, and what is shown while the customer decides. */
export interface Permit {
  readonly session: SessionView;
  readonly permission: Permission;
  readonly conduct: Conduct;
  readonly title: string;
}

/**
 * Asks the customer for a permission where that is needed.
 * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`
 */
export async function permit({ session, permission, conduct, title }: Permit): Promise<void> {
  const state = session.permissions[permission];
  if (state === "granted") return;
  if (state === "denied") throw new HandrailError("not-permitted", "policy denies it");
  if (!session.customerConnected) throw new HandrailError("customer-away", "nobody to ask");
  const granted = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: messageText(title) },
    () => conduct.request(session.lsid, permission),
  );
  if (!granted) throw new HandrailError("customer-refused", "the customer does not allow it");
}
