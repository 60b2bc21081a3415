import { randomUUID } from "node:crypto";
import { formatSessionKey, type PersonLanguage } from "@handrail/protocol";
import {
  healthAdvice,
  healthSubjectText,
  healthValueText,
  type HealthReport,
} from "@handrail/protocol/upkeep";
import { plainFormat } from "../health/plain-format.ts";
import type { KeyLetter } from "../relay/key-post.ts";
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
  key: {
    subject: "Your support session",
    invitation: (representative: string, siteName: string) =>
      `Hello,\n\n${representative} of ${siteName} invites you to a support session.`,
    what: (url: string, key: string) =>
      `Please open ${url} in your browser and enter this session key:\n\n    ${key}`,
    minutes: (minutes: number) => (minutes === 1 ? "1 minute" : `${minutes} minutes`),
    hours: (hours: number) => `${hours} hours`,
    until: (duration: string) =>
      `It works once, within ${duration} of this letter. You will be asked before anybody sees or ` +
      "controls your computer.",
    unexpected: "If you do not expect this, do nothing: without the key nobody reaches you.",
  },
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
  key: {
    subject: "Votre session d’assistance",
    invitation: (representative, siteName) =>
      `Bonjour,\n\n${representative} (${siteName}) vous invite à une session d’assistance.`,
    what: (url, key) =>
      `Ouvrez ${url} dans votre navigateur et saisissez cette clé de session :\n\n    ${key}`,
    minutes: (minutes) => (minutes === 1 ? "1 minute" : `${minutes} minutes`),
    hours: (hours) => `${hours} heures`,
    until: (duration) =>
      `Elle sert une seule fois, dans un délai de ${duration} après l’envoi de ce message. On vous ` +
      "demandera votre accord avant que quiconque ne voie ou ne commande votre ordinateur.",
    unexpected:
      "Si vous n’attendez pas ce message, ne faites rien : sans la clé, personne n’accède.",
  },
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

/** A letter that invites a customer to a session. */
export function keyLetter(
  { key, representative, to, validForMs }: KeyLetter,
  writer: Writer,
): Letter {
  const { key: words } = wordsOf(writer.language);
  const minutes = Math.max(1, Math.floor(validForMs / 60_000));
  const duration = minutes < 120 ? words.minutes(minutes) : words.hours(Math.floor(minutes / 60));
  return letter(to, writer, {
    subject: words.subject,
    paragraphs: [
      words.invitation(representative, writer.siteName),
      words.what(writer.publicUrl, formatSessionKey(key)),
      words.until(duration),
      words.unexpected,
    ],
  });
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
