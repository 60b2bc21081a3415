/** The kinds of events that the audit log is searched by, in the order in which they are offered. */
export const auditKinds = [
  "sessions",
  "permissions",
  "recordings",
  "signIns",
  "tools",
  "administration",
] as const;
/** One of them. */
export type AuditKind = (typeof auditKinds)[number];
