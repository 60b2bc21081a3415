import { externalKeyField, permissions, type SessionView } from "@handrail/protocol";
import { durationText, isolated, preciseText, sizeText } from "../format.ts";
import type { Language } from "../language.tsx";
import type { Texts } from "../texts.ts";
import type { Fact } from "./fact.ts";
import { scheduleWords } from "./backup-texts.ts";
import { retentionText } from "./retention-text.ts";
import { scheduleText } from "./schedule-text.ts";
import { type AuditTexts, en, fr } from "./texts.ts";
import { restoredWords } from "./update-texts.ts";
import { upkeepText } from "./upkeep-text.ts";

type Detail = Readonly<Record<string, string | number | boolean>>;

/** What is told: a row of the audit log or an event of a session. */
export interface Told {
  readonly event: string;
  readonly who: string;
  readonly whoId?: string | undefined;
  readonly detail: Detail;
}

/** What tells it: the words of the page and those of the log, in one language. */
export interface Teller {
  readonly language: Language;
  readonly texts: Texts;
}

/** The texts of the audit log in a language. */
export function auditTexts(language: Language): AuditTexts {
  return language === "fr" ? fr : en;
}

/**
 * What happened, to be read after the name of who did it. An event that this version does not know
 * is told by its own name and details: better an odd line than one that says nothing.
 */
export function auditSentence({ event, detail }: Told, teller: Teller): string {
  const { events } = auditTexts(teller.language);
  const sentence = entryOf(events, event);
  if (sentence) return sentence((name) => factOf(name, detail, teller));
  const facts = Object.entries(detail).map(([name, value]) => `${name}=${String(value)}`);
  return [event, ...facts].join(" ");
}

/** Who did it; `people` has the names of accounts as they are now, by their ids. */
export function auditActor(
  told: Told,
  { language }: Pick<Teller, "language">,
  people: Readonly<Record<string, string>> = {},
): string {
  const { actors, customerNamed } = auditTexts(language);
  const { event, who, whoId } = told;
  const person = whoId === undefined ? undefined : people[whoId];
  if (person !== undefined) return isolated(person);
  // A customer may be called anything, also like somebody here.
  if (isByCustomer(told)) {
    return who === "customer" ? actors.customer : customerNamed(isolated(who));
  }
  const isOperators =
    /^(console-credential|one-time-password|second-factor|backup|certificate|tls|syslog|mail|machine|update)\./.test(
      event,
    );
  const isOurs = who === "appliance" || who === "unknown" || isOperators;
  return (isOurs ? entryOf(actors, who) : undefined) ?? isolated(who);
}

/** The words for why a session ended, where who ended it does not say enough; else empty. */
export function endingText(reason: string, language: Language): string {
  return entryOf(auditTexts(language).ending, reason) ?? "";
}

/** Who ended a session, and why where that is not the same; empty while it goes on. */
export function endedByText(
  { end, customer }: Pick<SessionView, "end"> & { customer: { readonly name: string } },
  language: Language,
): string {
  const { endedBy } = auditTexts(language);
  switch (end?.reason) {
    case undefined:
      return "";
    case "customer":
      return endedBy.customer(isolated(customer.name));
    case "representative":
      return endedBy.representative(isolated(end?.by ?? ""));
    case "orphaned":
    case "closed":
      return endedBy[end?.reason ?? "closed"];
  }
}

const customerEvents = [
  ...["key.redeemed", "customer.joined", "customer.returned"],
  ...["customer.restarting", "customer.restarted", "customer.elevating", "customer.elevated"],
  ...["permission.granted", "permission.refused", "permission.revoked"],
  "elevation.wrong-password",
  "snapshot.refused",
  ...["screen.available", "screen.unavailable", "screen.given-up"],
];

function isByCustomer({ event, detail, whoId }: Told): boolean {
  if (event === "survey.answered") return whoId === undefined;
  if (event === "session.ended") return detail.reason === "customer";
  return customerEvents.includes(event);
}

/**
 * The folders of one row, of which each begins with a slash and a slash ends each: `/`, `/a` and
 * `/b/c` stand there as `///a//b/c`.
 */
function foldersText(text: string): string {
  const folders = text.matchAll(/(\/(?:[^/]+(?:\/[^/]+)*)?)(?:\/|$)/g);
  const named = [...folders].map(([, folder = ""]) => isolated(folder));
  return named.length > 0 ? named.join(", ") : isolated(text);
}

function factOf(name: string, detail: Detail, teller: Teller): string {
  const { texts, language } = teller;
  const words = auditTexts(language);
  const value = detail[name] ?? "";
  const text = String(value);
  const flag = entryOf(flagsOf(teller), name);
  if (flag !== undefined) return value === true ? flag : "";
  switch (name) {
    case "permission":
      return entryOf(texts.permission, text) ?? text;
    case "role":
      return entryOf(texts.roles, text) ?? text;
    case "by":
      return entryOf(words.by, text) ?? text;
    case "category":
      return entryOf(words.categories, text) ?? text;
    case "folders":
      return foldersText(text);
    case "act":
      return entryOf(words.acts, text) ?? isolated(text);
    case "outcome":
      return entryOf(words.outcomes, text) ?? text;
    case "purpose":
      return entryOf(words.purposes, text) ?? text;
    case "how":
      return entryOf(words.certificateWays, text) ?? text;
    case "scope":
    case "scopeBefore":
      return entryOf(words.secondFactorScopes, text) ?? text;
    case "handsOver":
      return entryOf(words.handOvers, text) ?? text;
    case "syslogOutcome":
      return entryOf(words.syslogOutcomes, text) ?? text;
    case "mailOutcome":
      return entryOf(words.mail.outcomes, text) ?? text;
    case "way":
      return entryOf(words.ways, text) ?? text;
    case "why":
      return entryOf(words.refusals, text) ?? text;
    case "because":
    case "code":
      return entryOf(words.because, text) ?? text;
    case "queue":
      return text === "" ? "" : queueText(text, detail.queueKind, words);
    case "reason":
      return endingText(text, language);
    case "schedule":
    case "scheduleBefore":
      return scheduleText(text, language);
    case "upkeep":
    case "upkeepBefore":
      return upkeepText(text, language);
    case "retention":
    case "retentionBefore":
      return retentionText(text, language);
    case "what":
      return entryOf(words.purgedKinds, text) ?? text;
    case "lifetimeMs":
      return typeof value === "number" ? durationText(value, texts) : "";
    case "durationMs":
      return typeof value === "number" && value >= 1000 ? durationText(value, texts) : "";
    case "sizeBytes":
    case "sizeBefore":
    case "sentBytes":
      return typeof value === "number" ? sizeText(value, language, texts) : "";
    case "firstAt":
    case "lastAt":
      return typeof value === "number" ? preciseText(value, language) : "";
    case "fields":
      // The one field that has a name in every language is written down by its id.
      return isolated(text).replace(externalKeyField, texts.fields.externalKey);
    case "format":
      return entryOf(words.formats, text) ?? text.toUpperCase();
    case "changes":
      return changesOf(detail, teller);
    default:
      return isolated(text);
  }
}

/** What is said of facts that are so or not. */
function flagsOf({ texts, language }: Teller): Readonly<Record<string, string>> {
  return {
    newPassword: auditTexts(language).mail.newPassword,
    withRecordings: scheduleWords[language].recordings,
    isDatabaseRestored: restoredWords[language],
    newPassphrase: scheduleWords[language].newPassphrase,
    observer: texts.sessions.observer,
  };
}

function queueText(name: string, kind: unknown, { queues }: AuditTexts): string {
  if (kind === "general") return queues.general;
  return kind === "personal" ? queues.personal(isolated(name)) : queues.team(isolated(name));
}

/** What was changed of an account: only the new rules of permissions whose rule is another now. */
function changesOf(detail: Detail, { texts, language }: Teller): string {
  const { changes } = auditTexts(language);
  const { displayName, role, disabled, editsScripts } = detail;
  const from: Fact = (name) => String(detail[`${name}Before`] ?? "");
  const roleText = (name: string) => entryOf(texts.roles, name) ?? name;
  const found = [
    displayName !== undefined &&
      changes.displayName(isolated(from("displayName")), isolated(String(displayName))),
    role !== undefined && changes.role(roleText(from("role")), roleText(String(role))),
    disabled !== undefined && (disabled === true ? changes.disabled : changes.enabled),
    editsScripts !== undefined &&
      (editsScripts === true ? changes.editsScripts : changes.editsNoScripts),
    ...rulesOf(detail, texts).map(([permission, rule]) => changes.rule(permission, rule)),
  ];
  return found.filter((each) => each !== false).join(", ") || changes.nothing;
}

function rulesOf({ rulesBefore, rules }: Detail, texts: Texts): [string, string][] {
  const before = readRules(rulesBefore);
  const now = readRules(rules);
  return permissions
    .filter((permission) => JSON.stringify(before[permission]) !== JSON.stringify(now[permission]))
    .map((permission) => [texts.permission[permission], ruleText(now[permission], texts)]);
}

function ruleText(rule: unknown, { rules }: Texts): string {
  const facts = typeof rule === "object" && rule !== null ? rule : {};
  const setting = "setting" in facts ? String(facts.setting) : "not-defined";
  const consent = "consent" in facts ? entryOf(rules.consents, String(facts.consent)) : undefined;
  const said = entryOf(rules.settings, setting) ?? setting;
  return consent === undefined ? said : `${said} (${rules.consent}: ${consent})`;
}

function readRules(json: Detail[string] | undefined): Readonly<Record<string, unknown>> {
  try {
    const rules: unknown = JSON.parse(String(json));
    return typeof rules === "object" && rules !== null ? { ...rules } : {};
  } catch {
    // The row has no rules in it.
    return {};
  }
}

/** The entry of that name, where the name comes from elsewhere. */
function entryOf<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
