import { z } from "zod";
import { answersShape, surveyQuestionShape } from "../session/definitions.ts";
import {
  chatMessageShape,
  lineText,
  permissionShape,
  permissionStatesShape,
  personText,
  screenFaultShape,
} from "../session/state.ts";
import { toolEventShape, toolUseShape } from "../session/tools.ts";
import { chatFileShape } from "../tool/chat-file.ts";
import { actionOrderShape, actionResultShape } from "./action.ts";
import type { Side } from "./dialogue.ts";
import { customerPurposeShape } from "./purpose.ts";
import { restartingShape } from "./restarting.ts";
import { scriptOrderShape } from "./script.ts";

const nothing = z.null();

/** What the customer says to a question; `no answer`: nothing, in all its time. */
const customerAnswerShape = z.enum(["yes", "no", "no answer"]);
export type CustomerAnswer = z.infer<typeof customerAnswerShape>;

/** What a customer client may ask of the appliance, and tell it. */
export const customerSide = {
  calls: {
    "chat.send": {
      params: z.object({ text: z.string().min(1).max(8192) }),
      result: chatMessageShape,
    },
    /** Announces a file that the customer has chosen; a `chat-file` channel may then take it. */
    "chat.offer-file": { params: z.object({ file: chatFileShape }), result: chatMessageShape },
    /** Answers what `session.ended` asked; once. */
    "survey.answer": { params: z.object({ answers: answersShape }), result: nothing },
    /**
     * The client has put a question of its own, which the appliance had not asked for, and this is the
     * answer. `representative`: for whom. Refused with `not-permitted` where policy gives it to nobody.
     */
    "permission.answered": {
      params: z.object({
        permission: permissionShape,
        answer: customerAnswerShape,
        representative: lineText,
      }),
      result: nothing,
    },
    /** Takes a permission back at once. */
    "permission.revoke": { params: z.object({ permission: permissionShape }), result: nothing },
    /**
     * The Stop button: the session ends. `because`: the client gives up, since its display did not
     * come back.
     */
    "session.stop": {
      params: z.object({ because: z.literal("display-gone").optional() }),
      result: nothing,
    },
    /**
     * The computer is about to restart, as was ordered: a secret with which the client comes back,
     * once, for so long the session waits. Refused with `conflict` when no restart was ordered.
     */
    "session.return": {
      params: z.object({}),
      result: z.object({ token: z.string().max(128), validMs: z.int().positive() }),
    },
  },
  notices: {
    "chat.typing": z.object({}),
    /** A question of the appliance waits behind another one, or is in front of the customer now. */
    "consent.turn": z.object({ permission: permissionShape, isShown: z.boolean() }),
    /** The client cannot show its screen any more, and why, or can again. */
    "screen.state": z.object({
      available: z.boolean(),
      reason: personText(256),
      fault: screenFaultShape.optional(),
    }),
    /** Something was done with a tool. */
    "tool.event": toolEventShape,
  },
} as const satisfies Side;

/** What the appliance asks of a customer client, and tells it. */
export const applianceToCustomer = {
  calls: {
    /** Puts a question to the person; no answer within `timeoutMs` of its showing means no. */
    "consent.ask": {
      params: z.object({
        permission: permissionShape,
        representative: lineText,
        timeoutMs: z.int().min(1000).max(600_000),
        /** What it is wanted for just now. */
        purpose: customerPurposeShape.optional(),
      }),
      /** `because`: they have not said no, but nothing. */
      result: z.object({ granted: z.boolean(), because: z.literal("no answer").optional() }),
    },
    /**
     * A script that a `script` channel will name, to be run once; forgotten when none comes within
     * `scriptHeldMs`. Refused with `unavailable` where this computer is none that it is for.
     */
    "script.hold": { params: scriptOrderShape, result: nothing },
    /** Does a special action, asking the person where that is due. */
    "action.run": { params: actionOrderShape, result: actionResultShape },
  },
  notices: {
    /** The whole state that the customer sees; sent on every change and after a resume. */
    "session.changed": z.object({
      state: z.enum(["waiting", "active", "ended"]),
      queueName: lineText,
      representatives: z.array(lineText),
      /** The names of those among them who only watch. */
      watching: z.array(lineText).optional(),
      controller: lineText.optional(),
      permissions: permissionStatesShape,
      recording: z.enum(["off", "on", "failed"]),
      /** Tools that are being used now, one entry for each use. */
      tools: z.array(toolUseShape).optional(),
    }),
    /** A representative has transferred the session: their name, and to whom or which queue. */
    "session.handed-over": z.object({ by: lineText, to: lineText }),
    "chat.message": chatMessageShape,
    "chat.typing": z.object({ name: lineText }),
    /** A representative would like the customer to look here. */
    "chat.nudged": z.object({ name: lineText }),
    "appliance.restarting": restartingShape,
    /** The last message of a session; the client takes itself away. */
    "session.ended": z.object({
      reason: z.enum(["customer", "representative", "orphaned", "closed"]),
      /** The name of the representative who has ended it. */
      by: lineText.optional(),
      /** What the customer is asked now. The link stays for the answer, for a while. */
      survey: z.array(surveyQuestionShape).max(12).optional(),
    }),
  },
} as const satisfies Side;
