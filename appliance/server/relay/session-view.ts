import {
  type applianceToCustomer,
  generalQueue,
  type Notice,
  type Permission,
  permissions,
  type PermissionState,
  type SessionEnd,
  type SessionView,
} from "@handrail/protocol";
import type { SessionRecord } from "../store/sessions.ts";
import type { Session } from "./session.ts";

/** A session as representatives see it. */
export function viewOf(session: Session): SessionView {
  const { record } = session;
  return {
    lsid: record.lsid,
    state: session.state,
    queue: { id: record.queue, name: session.site.queueName(record.queue) },
    customer: record.customer,
    customerConnected: session.customer?.link.isUp ?? false,
    handedBy: record.handOver && { name: record.handOver.name, note: record.handOver.note },
    returnsUntil: session.customer?.link.isUp ? undefined : record.returnUntil,
    createdAt: record.createdAt,
    waitingSince: record.waitingSince,
    acceptedAt: record.acceptedAt,
    endedAt: record.endedAt,
    participants: record.participants.map((each) => ({
      ...each,
      connected: session.site.isReachable(each.id),
    })),
    controller: record.controller,
    screenFault: session.screenFault,
    permissions: permissionsOf(session),
    unasked: unaskedOf(session),
    end: endOf(record),
    recording: record.recording,
    snapshot: record.snapshot,
    fields: [...record.fields],
  };
}

/** A session as its customer sees it. */
export function customerViewOf(
  session: Session,
): Notice<typeof applianceToCustomer, "session.changed"> {
  const { participants, controller, recording } = session.record;
  return {
    state: session.state,
    queueName: queueForCustomer(session),
    representatives: participants.map(({ name }) => name),
    watching: participants.filter(({ observer }) => observer).map(({ name }) => name),
    controller: participants.find(({ id }) => id === controller)?.name,
    permissions: permissionsOf(session),
    recording,
    tools: session.toolUses(),
  };
}

/** What a customer reads of where they wait. */
export function queueForCustomer({ record: { queue }, site }: Session): string {
  // The queue of everyone has no name that a customer would know.
  return queue === generalQueue ? site.name : site.queueName(queue);
}

function permissionsOf(session: Session): Record<Permission, PermissionState> {
  const states = permissions.map((permission) => [permission, stateOf(session, permission)]);
  // `permissions` lists every permission once.
  return Object.fromEntries(states) as Record<Permission, PermissionState>;
}

/** What those who take part may do now without anybody having asked the customer. */
function unaskedOf(session: Session): Permission[] {
  const first = session.record.participants.find((each) => !each.observer);
  if (!first || session.state !== "active") return [];
  const isUnasked = (permission: Permission) =>
    session.refusal(permission, first.id) === undefined &&
    session.consentRule(permission, first.id) === "never";
  return permissions.filter(isUnasked);
}

function stateOf(session: Session, permission: Permission): PermissionState {
  if (session.asked.has(permission)) return "asked";
  const consent = session.record.consents[permission] ?? "not-asked";
  const first = session.record.participants.find((each) => !each.observer);
  if (!first || session.state !== "active") return consent;
  // As the customer has said it, whomever it is meant for.
  const decision = session.decideWith(permission, first.id, consent);
  if (decision.outcome === "allow") return "granted";
  if (decision.outcome === "ask") return consent;
  return decision.code === "customer-refused" ? "revoked" : "denied";
}

function endOf({ endReason: reason, endedBy: by = "" }: SessionRecord): SessionEnd | undefined {
  return reason && { reason, by };
}
