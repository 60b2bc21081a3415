import { ofName } from "../../kit/french.ts";
import { part, type Sentence } from "./fact.ts";

/** Sign-ins, and what happens to what proves somebody, are told with these. `fr` has the same keys. */
export const en = {
  "sign-in.succeeded": (f) => `Signed in${part(" from ", f("address"))}`,
  "sign-in.refused": (f) =>
    `Was refused at the sign-in${part(" from ", f("address"))}: ${f("code")}`,
  "sign-in.refused-again": (f) =>
    `Was refused ${f("times")} times more${part(" from ", f("address"))}, the last time ${f("lastAt")}: ${f("code")}`,
  "console.signed-in": (f) => `Signed a console in ${f("by")}`,
  "console.signed-out": () => "Signed a console out",
  "console.token-reused": () => "An old token of a console came again: that console was signed out",
  "console.connected": () => "Console connected",
  "console.disconnected": () => "Console disconnected",
  "console-credential.made": (f) => `Made a credential for consoles of ${f("account")}`,
  "one-time-password.made": (f) => `Made a password for one sign-in of ${f("account")}`,
  "second-factor.turned-on": () => "Turned a second factor on",
  "second-factor.turned-off": () => "Turned the second factor off",
  "second-factor.reset": (f) => `Reset the second factor of ${f("account")}`,
  "second-factor.recovery-codes-made": () => "Made new recovery codes",
  "second-factor.recovery-code-used": (f) =>
    `Used a recovery code${part("; codes left: ", f("left"))}`,
  "second-factor.rule-changed": (f) =>
    `Changed who must have a second factor: before ${f("scopeBefore")}, now ${f("scope")}`,
} as const satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: { readonly [K in keyof typeof en]: (typeof en)[K] } = {
  "sign-in.succeeded": (f) => `Connexion${part(" depuis ", f("address"))}`,
  "sign-in.refused": (f) => `Connexion refusée${part(" depuis ", f("address"))} : ${f("code")}`,
  "sign-in.refused-again": (f) =>
    `Connexion refusée ${f("times")} fois de plus${part(" depuis ", f("address"))}, la dernière fois le ${f("lastAt")} : ${f("code")}`,
  "console.signed-in": (f) => `A connecté une console ${f("by")}`,
  "console.signed-out": () => "A déconnecté une console",
  "console.token-reused": () =>
    "Un ancien jeton d’une console est revenu : cette console a été déconnectée",
  "console.connected": () => "Console en ligne",
  "console.disconnected": () => "Console hors ligne",
  "console-credential.made": (f) =>
    `A créé un identifiant pour les consoles ${ofName(f("account"))}`,
  "one-time-password.made": (f) =>
    `A créé un mot de passe pour une seule connexion ${ofName(f("account"))}`,
  "second-factor.turned-on": () => "A activé un second facteur",
  "second-factor.turned-off": () => "A désactivé le second facteur",
  "second-factor.reset": (f) => `A réinitialisé le second facteur ${ofName(f("account"))}`,
  "second-factor.recovery-codes-made": () => "A créé de nouveaux codes de secours",
  "second-factor.recovery-code-used": (f) =>
    `A utilisé un code de secours${part(" ; codes restants : ", f("left"))}`,
  "second-factor.rule-changed": (f) =>
    `A changé qui doit avoir un second facteur : avant ${f("scopeBefore")}, maintenant ${f("scope")}`,
};

/** Why a sign-in is refused. */
export const signInReasons = {
  en: { "second-factor-wrong": "wrong second factor" },
  fr: { "second-factor-wrong": "second facteur faux" },
};

/** Who must have a second factor. */
export const secondFactorScopes = {
  en: { nobody: "nobody", administrators: "administrators", everyone: "everyone" },
  fr: { nobody: "personne", administrators: "les administrateurs", everyone: "tout le monde" },
};
