import { z } from "zod";
import { webAddress } from "../links.ts";
import { chatFileShape } from "../tool/chat-file.ts";
import { oneLine } from "../person-text.ts";
import { isLsid, isQueueId, isRepresentativeId, type UnixMs } from "../terms.ts";
import { type Permission, permissions } from "./policy.ts";

/** Shapes that describe a session to those who take part in it. All times in Unix ms. */
export const lsidShape = z.string().refine(isLsid, "32 lower-case hex digits");
export const representativeIdShape = z.string().refine(isRepresentativeId, "a representative's id");
export const queueIdShape = z.string().refine(isQueueId, "a queue's id");
export const permissionShape = z.enum(permissions);
export const unixMsShape = z.int().nonnegative();
/** A name or another text that is shown in one line; see `oneLine`. */
export const lineText = z.string().overwrite(oneLine);
/** The same from people, with a bound in UTF-16 units. */
export const personText = (max: number) => lineText.max(max);

/** Where a permission stands: `asked` while the customer is deciding. */
export const permissionStateShape = z.enum([
  "not-asked",
  "asked",
  "granted",
  "refused",
  "revoked",
  "denied",
]);
export type PermissionState = z.infer<typeof permissionStateShape>;

/** Where each permission stands. What an older appliance does not know of, it does not allow. */
export const permissionStatesShape = z.object(
  // `permissions` lists every permission once.
  Object.fromEntries(
    permissions.map((permission) => [permission, permissionStateShape.default("denied")]),
  ) as Record<Permission, z.ZodDefault<typeof permissionStateShape>>,
);

/** Languages in which Handrail speaks to people. */
export const personLanguages = ["en", "fr"] as const;
/** One of them. */
export type PersonLanguage = (typeof personLanguages)[number];

/** What the customer's computer says of itself. */
export const customerShape = z.object({
  name: personText(100),
  computer: personText(255),
  platform: personText(100),
  issue: personText(1024),
  /** That the customer reads; one that this version does not know is none. */
  language: z.enum(personLanguages).optional().catch(undefined),
  /** The client works with an administrator's rights that it was given in the session. */
  isElevated: z.boolean().optional(),
});
export type Customer = z.infer<typeof customerShape>;

/** A representative who takes part. `observer`: only watches. */
export const participantShape = z.object({
  id: representativeIdShape,
  name: personText(100),
  observer: z.boolean(),
  connected: z.boolean(),
});
export type Participant = z.infer<typeof participantShape>;

/** Why a session has ended; `orphaned`: one side did not come back, `closed`: its key was withdrawn. */
export const endReasons = ["customer", "representative", "orphaned", "closed"] as const;
export type EndReason = (typeof endReasons)[number];

/** How a session came to its end. `by`: name of the representative who ended it, else empty. */
export const sessionEndShape = z.object({
  // A reason that this version does not know is nobody's doing.
  reason: z.enum(endReasons).catch("closed"),
  by: personText(100),
});
export type SessionEnd = z.infer<typeof sessionEndShape>;

/**
 * Why the customer's client cannot show its screen: the display server is gone (it crashed, or its
 * user has logged out), or something else went wrong there.
 */
export const screenFaultShape = z.enum(["display-gone", "failed"]);
export type ScreenFault = z.infer<typeof screenFaultShape>;

/** Where the snapshot of a session's start stands; `none`: not taken yet, or not wanted. */
export const snapshotStates = ["none", "taken", "refused", "failed"] as const;
/** One of them. */
export type SnapshotState = (typeof snapshotStates)[number];

/** Longest value of a field of a session, in UTF-16 units. */
export const maxFieldLength = 500;
/** Id of the field that every site has: what the session is called elsewhere, such as a ticket. */
export const externalKeyField = "external-key";
export const fieldIdShape = z.string().regex(/^([0-9a-f]{32}|external-key)$/);

/** What was filled in for a session, with the field's name as it was; of the external key none. */
export const fieldValueShape = z.object({
  id: fieldIdShape,
  name: personText(100),
  value: personText(maxFieldLength),
});
export type FieldValue = z.infer<typeof fieldValueShape>;

/**
 * A session as lists and tabs show it. `controller` holds mouse and keyboard; `screenFault` is there
 * while the screen cannot be shown.
 */
export const sessionViewShape = z.object({
  lsid: lsidShape,
  state: z.enum(["waiting", "active", "ended"]),
  queue: z.object({ id: queueIdShape, name: lineText }),
  customer: customerShape,
  customerConnected: z.boolean(),
  /** While it waits: who has transferred it, and the note that they have written for it, in a line. */
  handedBy: z.object({ name: lineText, note: lineText.optional() }).optional(),
  /** Until when the session waits for the customer's computer to have restarted. */
  returnsUntil: unixMsShape.optional(),
  createdAt: unixMsShape,
  waitingSince: unixMsShape,
  acceptedAt: unixMsShape.optional(),
  endedAt: unixMsShape.optional(),
  participants: z.array(participantShape),
  controller: representativeIdShape.optional(),
  screenFault: screenFaultShape.optional(),
  permissions: permissionStatesShape,
  /** Those of `permissions` that policy gives without asking the customer. */
  unasked: z.array(permissionShape).optional(),
  end: sessionEndShape.optional(),
  recording: z.enum(["off", "on", "failed"]),
  /** Where the snapshot of the session's start stands; one that this version does not know is none. */
  snapshot: z.enum(snapshotStates).optional().catch(undefined),
  /** External key and custom fields that are filled in. */
  fields: z.array(fieldValueShape).optional(),
});
export type SessionView = z.infer<typeof sessionViewShape>;

/** When a session began, Unix ms: first accepted or, until then, since when the customer waits. */
export function beganAt(session: Pick<SessionView, "acceptedAt" | "waitingSince">): UnixMs {
  return session.acceptedAt ?? session.waitingSince;
}

/** The address of a web page, in canonical form. */
export const webAddressShape = z.string().refine((text) => webAddress(text) === text, "an address");

/**
 * One line of chat. `from.kind` `system` is the appliance itself. `url`: the line offers a page, and
 * its text is the same address. `file`: the line announces a file, and its text is the file's name.
 */
export const chatMessageShape = z.object({
  seq: z.int().nonnegative(),
  from: z.object({
    kind: z.enum(["customer", "representative", "system"]),
    name: lineText,
    id: representativeIdShape.optional(),
  }),
  text: z.string().max(8192),
  at: unixMsShape,
  url: webAddressShape.optional(),
  file: chatFileShape.optional(),
});
export type ChatMessage = z.infer<typeof chatMessageShape>;

/**
 * One event of a session: `event` is a dotted past tense (`control.granted`), `who` the name of
 * whoever caused it, `detail` small facts about it, never chat or keystrokes.
 */
export const sessionEventShape = z.object({
  seq: z.int().nonnegative(),
  at: unixMsShape,
  event: z.string().max(64),
  who: lineText,
  detail: z.record(z.string(), z.union([lineText, z.number(), z.boolean()])),
});
export type SessionEvent = z.infer<typeof sessionEventShape>;
