import { decide, permissions, type SessionView, siteDefaults } from "@handrail/protocol";

/**
 * A session as it is shown to a representative who only watches. The appliance sends all who take
 * part the same view, and refuses to observers what policy keeps from them: here it reads `denied`.
 */
export function asObserverSees(session: SessionView): SessionView {
  const shown = { ...session.permissions };
  for (const permission of permissions) {
    const { outcome } = decide({
      permission,
      role: "observer",
      state: "active",
      layers: [siteDefaults],
      consent: "not-asked",
    });
    if (outcome === "deny") shown[permission] = "denied";
  }
  return { ...session, permissions: shown };
}
