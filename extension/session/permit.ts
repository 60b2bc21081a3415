import { HandrailError, type Permission, type Purpose, type SessionView } from "@handrail/protocol";
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
 * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`
 */
export async function permit(wanted: Permit): Promise<void> {
  const { session, permission, conduct, title, purpose } = wanted;
  const state = session.permissions[permission];
  if (state === "granted" || session.unasked?.includes(permission)) return;
  if (state === "denied") throw new HandrailError("not-permitted", "policy denies it");
  if (!session.customerConnected) throw new HandrailError("customer-away", "nobody to ask");
  const { lsid } = session;
  const granted = await conduct.notices.waiting(lsid, title, () =>
    conduct.request(lsid, permission, purpose),
  );
  if (!granted) throw new HandrailError("customer-refused", "the customer does not allow it");
}
