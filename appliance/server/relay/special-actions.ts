import {
  actionPlatforms,
  maxActionCommand,
  oneLine,
  type RepresentativeId,
} from "@handrail/protocol";
import { z } from "zod";
import type { Definition } from "../store/definitions.ts";
import type { AuditedKind } from "./definitions.ts";
import type { Team } from "./teams.ts";

const line = (max: number) => z.string().overwrite(oneLine).max(max);
const needed = (max: number) => line(max).min(1, "a name is needed");

const shape = z
  .strictObject({
    /** What representatives and customers read, in their language. */
    name: z.strictObject({ en: needed(100), fr: needed(100) }),
    /** A line for the shell of the customer's computer, with the customer's rights. */
    command: z
      .string()
      .trim()
      .min(1, "a command is needed")
      .max(maxActionCommand)
      .refine((text) => !text.includes("\0"), "a command has no zero byte"),
    platform: z.enum(actionPlatforms),
    /** Ids of the teams that may do it; empty: every representative. */
    teams: z.array(z.string().regex(/^[0-9a-f]{32}$/)).max(100),
    /** What the customer is asked each time; both empty: they are told and not asked. */
    question: z.strictObject({ en: line(500), fr: line(500) }),
  })
  .refine(({ question: { en, fr } }) => (en === "") === (fr === ""), {
    message: "the question is needed in both languages, or in none",
    path: ["question"],
  });

/** An action that an administrator has defined. */
export type SpecialActionBody = z.infer<typeof shape>;

/** Special actions that administrators have defined for all. */
export const specialActionKind: AuditedKind<SpecialActionBody> = {
  kind: "special-action",
  shape,
  nameOf: ({ name }) => name.en,
  factsOf: ({ name, command, platform, teams, question }) => ({
    ...{ nameFr: name.fr, command, platform, teams: teams.join(", ") },
    ...{ questionEn: question.en, questionFr: question.fr },
  }),
  limit: 100,
  events: {
    added: "special-action.added",
    changed: "special-action.changed",
    removed: "special-action.removed",
  },
};

/** Those that a representative may have done: for everyone, or for a team that they belong to. */
export function actionsFor(
  id: RepresentativeId,
  all: readonly Definition<SpecialActionBody>[],
  teams: readonly Team[],
): readonly Definition<SpecialActionBody>[] {
  const mine = teams.filter(({ members }) => members.includes(id)).map((team) => team.id);
  return all.filter(
    ({ body }) => body.teams.length === 0 || body.teams.some((team) => mine.includes(team)),
  );
}
