import { randomUUID } from "node:crypto";
import type { PersonLanguage } from "@handrail/protocol";
import {
  healthAdvice,
  healthSubjectText,
  healthValueText,
  type HealthReport,
} from "@handrail/protocol/upkeep";
import { plainFormat } from "../health/plain-format.ts";
import type { Letter } from "./letter.ts";
import type { Notice } from "./notices.ts";

/** Who writes, and in which language. */
export interface Writer {
  readonly siteName: string;
  readonly publicUrl: string;
  readonly language: PersonLanguage;
}

const en = {
  bad: (subject: string) => `${subject} needs attention`,
  goodAgain: (subject: string) => `${subject} is good again`,
  found: (value: string) => `Found: ${value}`,
  wellText: "What was told before is mended; nothing needs to be done.",
  more: (url: string) => `Sign in at ${url} to see more.`,
  test: "Test mail",
  testText: (siteName: string) =>
    `This is a test mail of ${siteName}. Whoever reads it knows that mail arrives.`,
  foot: (siteName: string) => `Sent by the Handrail appliance of ${siteName} by itself.`,
};

const fr: typeof en = {
  bad: (subject) => `${subject} : à surveiller`,
  goodAgain: (subject) => `${subject} : de nouveau bien`,
  found: (value) => `Constaté : ${value}`,
  wellText: "Ce qui avait été signalé est réparé ; il n’y a rien à faire.",
  more: (url) => `Ouvrez ${url} pour en voir plus.`,
  test: "Message d’essai",
  testText: (siteName) =>
    `Ceci est un message d’essai de ${siteName}. Qui le lit sait que le courrier arrive.`,
  foot: (siteName) => `Envoyé automatiquement par l’appliance Handrail de ${siteName}.`,
};

/** A notice for one person. */
export function noticeLetter(
  { verdict, isGoodAgain }: Notice,
  { reading }: HealthReport,
  { to, ...writer }: Writer & { readonly to: string },
): Letter {
  const { language, publicUrl } = writer;
  const words = wordsOf(language);
  const name = healthSubjectText(verdict.subject, language);
  const value = healthValueText(verdict.subject, reading, plainFormat(language));
  return letter(to, writer, {
    subject: isGoodAgain ? words.goodAgain(name) : words.bad(name),
    paragraphs: [
      isGoodAgain ? words.wellText : healthAdvice(verdict, language),
      words.found(value),
      words.more(`${publicUrl}/login`),
    ],
  });
}

/** A letter that says that letters arrive. */
export function testLetter({ to, ...writer }: Writer & { readonly to: string }): Letter {
  const words = wordsOf(writer.language);
  const paragraphs = [words.testText(writer.siteName)];
  return letter(to, writer, { subject: words.test, paragraphs });
}

function letter(
  to: string,
  { siteName, language }: Writer,
  { subject, paragraphs }: { subject: string; paragraphs: readonly string[] },
): Letter {
  const foot = `-- \n${wordsOf(language).foot(siteName)}\n`;
  const text = [...paragraphs, foot].join("\n\n");
  return { to, subject: `[${siteName}] ${subject}`, text, id: randomUUID() };
}

function wordsOf(language: PersonLanguage): typeof en {
  return language === "fr" ? fr : en;
}
