import type { ErrorCode } from "../error.ts";

/**
 * The only place where a permission is decided. The appliance asks here when a channel is opened
 * and for every message that needs a right; the customer client asks again before it shows or does
 * anything; a user interface merely shows the answer. Refuses to know who is connected and how.
 */

/** Everything that a representative may be allowed to do in a session, in the order shown. */
export const permissions = [
  "view",
  "control",
  "shell",
  "files",
  "files-write",
  "system",
  "snapshot",
  "scripts",
  "system-act",
  "actions",
  "reboot",
  "elevate",
  "clipboard-to-customer",
  "clipboard-from-customer",
  "draw",
  "chat",
  "chat-file",
  "push-url",
  "record",
  "share",
  "transfer",
] as const;
/** One permission. */
export type Permission = (typeof permissions)[number];

/** What a layer of policy says of a permission. */
export type Setting = "allow" | "deny" | "not-defined";
/** When the customer is asked: before each use, once in a session, or not at all (but told). */
export type ConsentRule = "always" | "once" | "never";

/** What one layer says of one permission; a missing consent rule leaves it to the next layer. */
export interface Rule {
  readonly setting: Setting;
  readonly consent?: ConsentRule | undefined;
}

/**
 * One source of rules. Layers are given strongest first (jump item, session policy, representative,
 * group policy, site); the first that defines a permission decides its setting, and the first from
 * there on that names a consent rule decides that.
 */
export interface PolicyLayer {
  readonly source: string;
  readonly rules: Readonly<Partial<Record<Permission, Rule>>>;
}

/** The part that someone plays in a session. */
export type Role = "none" | "representative" | "observer" | "customer";

/** What the customer has said of a permission in this session. */
export type Consent = "not-asked" | "granted" | "refused" | "revoked";

/** All that a decision rests on. */
export interface Question {
  readonly permission: Permission;
  readonly role: Role;
  readonly state: "waiting" | "active" | "ended";
  readonly layers: readonly PolicyLayer[];
  readonly consent: Consent;
  /**
   * The customer's client has an administrator's rights, and this is what the customer has said of
   * `elevate`; undefined: it has the customer's own.
   */
  readonly elevation?: Consent | undefined;
}

/** `because` names the rule or layer that decided, for the audit log and for explanations. */
export type Decision =
  | { readonly outcome: "allow"; readonly because: string }
  | { readonly outcome: "ask"; readonly because: string }
  | { readonly outcome: "deny"; readonly code: ErrorCode; readonly because: string };

/** What an observer may ever do. */
const observerMay: readonly Permission[] = ["view", "chat"];
/** What a customer may ever do: the rest is done to the customer. */
const customerMay: readonly Permission[] = ["chat"];

/**
 * What a client with an administrator's rights does with them: of such a client nobody may have it
 * who may not have the rights, whoever got them.
 */
const doneWithRights: readonly Permission[] = [
  "control",
  "shell",
  "files",
  "files-write",
  "scripts",
  "system-act",
  "actions",
  "chat-file",
];

/** Layer used under all others: what an appliance allows that nobody has configured. */
export const siteDefaults: PolicyLayer = {
  source: "site default",
  rules: {
    view: { setting: "allow", consent: "once" },
    control: { setting: "allow", consent: "once" },
    shell: { setting: "allow", consent: "once" },
    files: { setting: "allow", consent: "once" },
    "files-write": { setting: "allow", consent: "once" },
    system: { setting: "allow", consent: "once" },
    // Kept for as long as the session's record: for whom an administrator allows it.
    snapshot: { setting: "deny", consent: "once" },
    scripts: { setting: "allow", consent: "once" },
    "system-act": { setting: "allow", consent: "once" },
    actions: { setting: "allow", consent: "once" },
    // The customer client asks at each restart.
    reboot: { setting: "allow", consent: "never" },
    // For whom an administrator allows it; the customer client asks at each use.
    elevate: { setting: "deny", consent: "never" },
    "clipboard-to-customer": { setting: "allow", consent: "once" },
    "clipboard-from-customer": { setting: "allow", consent: "once" },
    draw: { setting: "allow", consent: "once" },
    chat: { setting: "allow", consent: "never" },
    // Nobody but the customer saves a file, or gives one: each time.
    "chat-file": { setting: "allow", consent: "never" },
    "push-url": { setting: "allow", consent: "never" },
    record: { setting: "allow", consent: "never" },
    share: { setting: "allow", consent: "never" },
    transfer: { setting: "allow", consent: "never" },
  },
};

/** Whether these layers, strongest first, rule a permission out whatever the customer says. */
export function isRuledOut(permission: Permission, layers: readonly PolicyLayer[]): boolean {
  const layer = layers[decidingLayer(permission, layers)];
  return layer?.rules[permission]?.setting !== "allow";
}

/** Whether an account may change canned scripts: administrators, and whoever was given that. */
export function mayEditScripts(account: {
  readonly role: "administrator" | "representative";
  readonly editsScripts?: boolean | undefined;
}): boolean {
  return account.role === "administrator" || account.editsScripts === true;
}

/** Whether an account may have the appliance mail a session key: its own, where the site lets it. */
export function mayMailKey(
  account: { readonly id: string },
  key: { readonly madeBy: string },
  site: { readonly mailsKeys: boolean },
): boolean {
  return site.mailsKeys && key.madeBy === account.id;
}

/** Whether a canned script is for who belongs to these teams; what a session allows comes on top. */
export function mayUseScript(
  script: { readonly teams: readonly string[] },
  teams: readonly string[],
): boolean {
  return script.teams.length === 0 || script.teams.some((team) => teams.includes(team));
}

/** Decides one question. What nothing allows is denied. */
export function decide(question: Question): Decision {
  const { permission, role, state } = question;
  if (state === "ended") return deny("session-ended", "the session has ended");
  if (role === "none") return deny("not-permitted", "not a participant of the session");
  if (role === "observer" && !observerMay.includes(permission)) {
    return deny("not-permitted", "an observer only watches");
  }
  if (role === "customer") {
    return customerMay.includes(permission)
      ? { outcome: "allow", because: "the customer's own session" }
      : deny("not-permitted", "not something a customer does");
  }
  if (state === "waiting") return deny("not-permitted", "the session is not accepted yet");
  const decision = decideByLayers(question);
  return decision.outcome === "deny" ? decision : (withoutRights(question) ?? decision);
}

/**
 * When the customer is asked for a permission, as these layers have it, strongest first. Whether
 * they allow it at all is for `decide` to say.
 */
export function consentRule(permission: Permission, layers: readonly PolicyLayer[]): ConsentRule {
  const rule = layers
    .slice(Math.max(0, decidingLayer(permission, layers)))
    .find((layer) => layer.rules[permission]?.consent !== undefined);
  // Whoever forgets to say gets the careful answer.
  return rule?.rules[permission]?.consent ?? "always";
}

function decideByLayers({
  permission,
  layers,
  consent,
}: Pick<Question, "permission" | "layers" | "consent">): Decision {
  const layer = layers[decidingLayer(permission, layers)];
  if (!layer) return deny("not-permitted", "nothing allows it");
  if (layer.rules[permission]?.setting === "deny") return deny("not-permitted", layer.source);
  return byConsent(consentRule(permission, layers), consent, layer.source);
}

/** What stands against it when the customer's client has an administrator's rights, if anything. */
function withoutRights({ permission, layers, elevation }: Question): Decision | undefined {
  if (!elevation || !doneWithRights.includes(permission)) return undefined;
  const rights = { permission: "elevate", layers, consent: elevation } as const;
  const decision = decideByLayers(rights);
  if (decision.outcome === "allow") return undefined;
  return { ...decision, because: `the client has rights that elevate is for: ${decision.because}` };
}

/** Place of the strongest layer that defines the permission, or -1. */
function decidingLayer(permission: Permission, layers: readonly PolicyLayer[]): number {
  return layers.findIndex(
    (layer) => (layer.rules[permission]?.setting ?? "not-defined") !== "not-defined",
  );
}

function byConsent(rule: ConsentRule, consent: Consent, source: string): Decision {
  if (consent === "revoked" && rule === "never") return deny("customer-refused", "taken back");
  if (rule === "never") return { outcome: "allow", because: `${source}, customer is told` };
  if (consent === "granted") return { outcome: "allow", because: `${source}, customer agreed` };
  return { outcome: "ask", because: source };
}

function deny(code: ErrorCode, because: string): Decision {
  return { outcome: "deny", code, because };
}
