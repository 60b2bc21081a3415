import { z } from "zod";
import {
  answersShape,
  cannedMessageShape,
  fieldDefinitionShape,
  surveyQuestionShape,
} from "../session/definitions.ts";
import {
  chatMessageShape,
  fieldValueShape,
  lineText,
  lsidShape,
  permissionShape,
  personLanguages,
  personText,
  queueIdShape,
  representativeIdShape,
  sessionEventShape,
  sessionViewShape,
  unixMsShape,
} from "../session/state.ts";
import { chatFileShape } from "../tool/chat-file.ts";
import { removalShape } from "../upkeep/storage.ts";
import { actionChoiceShape, actionNameShape, actionResultShape } from "./action.ts";
import { colleagueQuestionKeyShape, colleagueQuestionShape } from "./colleague.ts";
import type { Side } from "./dialogue.ts";
import { restartingShape } from "./restarting.ts";
import { placeShape, pointerShape } from "./pointer.ts";
import { purposeShape } from "./purpose.ts";
import {
  elevationGrantShape,
  keptNoteShape,
  noteShape,
  scriptIdShape,
  scriptSourceShape,
  scriptSummaryShape,
  scriptTextShape,
} from "./script.ts";

const nothing = z.null();
const ofSession = z.object({ lsid: lsidShape });
const ofScript = z.object({ id: scriptIdShape });

/** A representative as colleagues see one another. */
export const presenceShape = z.object({
  id: representativeIdShape,
  name: lineText,
  online: z.boolean(),
  status: z.enum(["available", "busy", "away"]),
  sessions: z.int(),
});
export type Presence = z.infer<typeof presenceShape>;

/** A session key that is waiting to be used. */
export const sessionKeyViewShape = z.object({
  lsid: lsidShape,
  key: z.string(),
  /** The public site's address, with no key in it. */
  url: z.string(),
  expiresAt: unixMsShape,
  /** Where the customer will wait. */
  queue: queueIdShape.optional(),
});
export type SessionKeyView = z.infer<typeof sessionKeyViewShape>;

/**
 * What came of a letter with a session key. `off`: the site has no mail server, or does not let
 * representatives send keys; `address`: not one, or one that the server takes nothing for.
 */
export const keyMailOutcomes = ["sent", "off", "address", "failed"] as const;
export type KeyMailOutcome = (typeof keyMailOutcomes)[number];

/** How far a customer who has used a session key has come, until the client says hello. */
export const arrivalSteps = ["key-typed", "starter-taken", "program-started"] as const;
export type ArrivalStep = (typeof arrivalSteps)[number];

/** A customer who has used a session key and is not there yet, for whoever made the key. */
export const arrivalShape = z.object({
  lsid: lsidShape,
  /** A step that this version does not know reads as the first: it was at least reached. */
  step: z.enum(arrivalSteps).catch("key-typed"),
  /** When this step was reached. */
  since: unixMsShape,
  /** Where the customer will wait. */
  queue: queueIdShape,
});
export type Arrival = z.infer<typeof arrivalShape>;

/** A queue that the representative sees. */
export const queueShape = z.object({
  id: queueIdShape,
  name: lineText,
  kind: z.enum(["personal", "team", "general"]),
});
export type Queue = z.infer<typeof queueShape>;

/** The queues of the site, as one representative has to do with them. */
export const queuesShape = z.object({
  /** Those that the representative sees. */
  queues: z.array(queueShape),
  /** Queues of teams of others, to which a session can be transferred. */
  otherTeams: z.array(queueShape).optional(),
});
export type QueuesView = z.infer<typeof queuesShape>;

/** What a representative console may ask of the appliance, and tell it. */
export const consoleSide = {
  calls: {
    /** Everything needed to draw the console after connecting; changes follow as notices. */
    overview: {
      params: z.object({}),
      result: queuesShape.extend({
        sessions: z.array(sessionViewShape),
        keys: z.array(sessionKeyViewShape),
        /** Customers on their way here with keys of the representative. */
        arrivals: z.array(arrivalShape).optional(),
        /** What colleagues are asking the representative. */
        questions: z.array(colleagueQuestionShape).optional(),
        representatives: z.array(presenceShape),
      }),
    },
    /** Makes a session with a key. `ttlMs` 1 minute to 24 hours, default 20 minutes. */
    "key.create": {
      params: z.object({
        queue: queueIdShape.optional(),
        ttlMs: z.int().min(60_000).max(86_400_000).optional(),
      }),
      result: sessionKeyViewShape,
    },
    /**
     * Sends a key of one's own to a customer by e-mail; resolves when the server has taken the letter,
     * or not. `language`: of the letter, without it the site's. `too-many-attempts` beyond 10 letters at
     * once and 20 an hour.
     */
    "key.mail": {
      params: ofSession.extend({
        to: z.string().max(254),
        language: z.enum(personLanguages).optional(),
      }),
      /** An outcome that this version does not know reads as one that did not go. */
      result: z.object({ outcome: z.enum(keyMailOutcomes).catch("failed") }),
    },
    /** Withdraws a key that nobody has used, or whose customer is not there yet. */
    "key.cancel": { params: ofSession, result: nothing },
    "session.accept": { params: ofSession, result: sessionViewShape },
    /**
     * Gives the session away: to a queue, or to a representative's personal queue. `withNote`: the
     * latest note that they have kept was written for it, and whoever may take it reads its first line.
     */
    "session.transfer": {
      params: ofSession.extend({ to: queueIdShape, withNote: z.boolean().optional() }),
      result: nothing,
    },
    /**
     * Asks a second representative in, who takes part as well if they agree. Resolves when they have
     * answered: whether they have come is in the session. One who only watches takes part at once.
     */
    "session.share": {
      params: ofSession.extend({ with: representativeIdShape, observer: z.boolean() }),
      result: nothing,
    },
    /**
     * Asks, for a representative who only watches, to take part; resolves when it is answered by a
     * colleague who may ask others in. `nobody-there` when there is none.
     */
    "session.ask-part": { params: ofSession, result: z.object({ given: z.boolean() }) },
    /** Leaves; the orphan rules apply when nobody remains. */
    "session.leave": { params: ofSession, result: nothing },
    "session.end": { params: ofSession, result: nothing },
    /** Chat and events so far of a session that one takes part in. */
    "session.history": {
      params: ofSession,
      result: z.object({
        chat: z.array(chatMessageShape),
        events: z.array(sessionEventShape),
        notes: z.array(keptNoteShape).optional(),
      }),
    },
    /** Ended sessions that the representative took part in, newest first. */
    "session.past": {
      params: z.object({ limit: z.int().min(1).max(200) }),
      result: z.object({
        sessions: z.array(
          sessionViewShape.extend({
            hasRecording: z.boolean(),
            /** That its recordings, or its snapshot, are deleted. */
            recordingRemoved: removalShape.optional(),
            snapshotRemoved: removalShape.optional(),
          }),
        ),
      }),
    },
    "chat.send": {
      params: ofSession.extend({ text: z.string().min(1).max(8192) }),
      result: chatMessageShape,
    },
    /** Offers the customer a page; it is opened only if they click. `url`: http or https. */
    "chat.push-url": {
      params: ofSession.extend({ url: z.string().max(2048) }),
      result: chatMessageShape,
    },
    /** Announces a file; a `chat-file` channel then offers it. */
    "chat.offer-file": {
      params: ofSession.extend({ file: chatFileShape }),
      result: chatMessageShape,
    },
    /** Gets the customer's attention; at most once in 10 s, else `too-many-attempts`. */
    "chat.nudge": { params: ofSession, result: nothing },
    /** Messages that administrators have written for all; macros are still in them. */
    "canned-message.list": {
      params: z.object({}),
      result: z.object({ messages: z.array(cannedMessageShape) }),
    },
    /** Special actions that administrators have defined and the representative may do. */
    "action.list": {
      params: ofSession,
      result: z.object({ actions: z.array(actionChoiceShape) }),
    },
    /** Does a special action; resolves when it is done, or the customer has said no. */
    "action.run": {
      params: ofSession.extend({ action: actionNameShape }),
      result: actionResultShape,
    },
    /** Canned scripts that the representative may use, or all for those who may edit them. */
    "script.list": {
      params: z.object({}),
      result: z.object({ scripts: z.array(scriptSummaryShape), mayEdit: z.boolean() }),
    },
    "script.read": {
      params: ofScript,
      result: z.object({ document: scriptTextShape, revision: z.int() }),
    },
    /**
     * Keeps a document: a new script without `id`, else the one that the representative has read as
     * `revision`; `conflict` when it has been changed since, or when its name is taken.
     */
    "script.save": {
      params: z.object({
        id: scriptIdShape.optional(),
        revision: z.int().nonnegative(),
        document: scriptTextShape,
      }),
      result: scriptSummaryShape,
    },
    /** Deletes a script, as it was read; `conflict` when it has been changed since. */
    "script.delete": { params: ofScript.extend({ revision: z.int() }), result: nothing },
    /**
     * Makes a run ready; a `script` channel of that name then runs it, once. `grant`: with the
     * administrator's rights that were granted on an `elevate` channel.
     */
    "script.prepare": {
      params: ofSession.extend({
        source: scriptSourceShape,
        grant: elevationGrantShape.optional(),
      }),
      result: z.object({ run: scriptIdShape }),
    },
    /** Keeps a note with a session, one that is over as well; colleagues in it are told. */
    "note.keep": { params: ofSession.extend({ note: noteShape }), result: nothing },
    /** Fields that are filled in for sessions, the external key first. */
    "field.list": {
      params: z.object({}),
      result: z.object({ fields: z.array(fieldDefinitionShape) }),
    },
    /** Fills fields of a session in, one that is over as well. Empty: takes the value away. */
    "session.fill-in": {
      params: ofSession.extend({
        fields: z.array(fieldValueShape.pick({ id: true, value: true })).max(31),
      }),
      result: nothing,
    },
    /** What representatives are asked after a session. */
    "survey.list": {
      params: z.object({}),
      result: z.object({ questions: z.array(surveyQuestionShape) }),
    },
    /** Answers that for a session that one took part in; once. */
    "survey.answer": { params: ofSession.extend({ answers: answersShape }), result: nothing },
    /**
     * Asks for a permission; resolves when the customer has decided. `purpose`: what for just now,
     * as the customer is told; `not-found` for an action that there is not.
     */
    "permission.request": {
      params: ofSession.extend({ permission: permissionShape, purpose: purposeShape.optional() }),
      /** `because`: why not, where the customer has said neither yes nor no. */
      result: z.object({
        granted: z.boolean(),
        because: z.enum(["no answer", "customer away"]).optional(),
      }),
    },
    /** Takes mouse and keyboard; refused with `control-held` while another holds them. */
    "control.take": { params: ofSession.extend({ force: z.boolean() }), result: nothing },
    /**
     * Asks the colleague who has mouse and keyboard to hand them over; resolves when they have
     * answered. `customer-refused` when the customer is to be asked first, `conflict` when no
     * colleague has them.
     */
    "control.ask": { params: ofSession, result: z.object({ given: z.boolean() }) },
    /** Answers a colleague's question; a yes is done when this resolves. */
    "colleague.answer": {
      params: colleagueQuestionKeyShape.extend({ yes: z.boolean() }),
      result: nothing,
    },
    "control.release": { params: ofSession, result: nothing },
    "record.start": { params: ofSession, result: nothing },
    "record.stop": { params: ofSession, result: nothing },
    "presence.set": {
      params: z.object({ status: z.enum(["available", "busy", "away"]) }),
      result: nothing,
    },
  },
  notices: {
    /** Being typed now; sent at most every 3 s. */
    "chat.typing": ofSession,
    /** Where one points on the picture now, for colleagues; null: nowhere any more. */
    "pointer.at": ofSession.extend({ at: placeShape.nullable() }),
  },
} as const satisfies Side;

/** What the appliance tells a representative console. */
export const applianceToConsole = {
  calls: {},
  notices: {
    /** A session that this representative sees is new or changed. */
    "session.changed": sessionViewShape,
    /** A session that this representative no longer sees (accepted elsewhere, ended, moved). */
    "session.gone": z.object({ lsid: lsidShape }),
    /** Teams have changed: replaces all queues that were known. */
    "queues.changed": queuesShape,
    /** Canned scripts have changed: ask for the list again. */
    "scripts.changed": z.object({}),
    "key.changed": sessionKeyViewShape,
    /** The key was used, withdrawn or has expired. */
    "key.gone": z.object({ lsid: lsidShape, reason: z.enum(["used", "cancelled", "expired"]) }),
    /** A customer has used a key of the representative, or has come further. */
    "arrival.changed": arrivalShape,
    /** The customer is there (`session.changed` tells where), or will not come. */
    "arrival.gone": ofSession,
    /** What this representative has transferred is over, or another has accepted it: their name. */
    "transfer.settled": ofSession.extend({ acceptedBy: lineText.optional() }),
    "chat.message": ofSession.extend({ message: chatMessageShape }),
    "chat.typing": ofSession.extend({ name: lineText }),
    "session.event": ofSession.extend({ event: sessionEventShape }),
    /** Where colleagues point on the picture; those that have not moved are left out. */
    "pointers.moved": ofSession.extend({ pointers: z.array(pointerShape) }),
    /** Somebody has kept a note with a session that one takes part in. */
    "note.kept": ofSession.extend({ note: keptNoteShape }),
    "presence.changed": presenceShape,
    /** A colleague asks something of this representative. */
    "colleague.asked": colleagueQuestionShape,
    /** A question is answered, withdrawn or too old. */
    "colleague.settled": colleagueQuestionKeyShape,
    "appliance.restarting": restartingShape,
    /** Something the representative must know: recording failed, the session was ended. */
    "session.warning": ofSession.extend({ code: z.string(), text: personText(1024) }),
  },
} as const satisfies Side;
