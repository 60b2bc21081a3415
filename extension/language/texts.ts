import type { MacroName, ScriptFaultCode, ScriptField } from "@handrail/protocol";

/** What the language server says. It runs apart from VS Code, whose translations it cannot reach. */
export interface LanguageTexts {
  /** What is wrong, by its code; `subject`: with what. */
  readonly faults: Readonly<Record<ScriptFaultCode, (subject: string) => string>>;
  readonly macros: Readonly<Record<MacroName, string>>;
  readonly fields: Readonly<Record<ScriptField, string>>;
  /** In which variable a script finds what a macro stands for. */
  readonly variable: (name: string) => string;
}

const en: LanguageTexts = {
  faults: {
    "no-head": () => "The document begins with a line ---, then says what the script is.",
    "head-open": () => "A second line --- ends what is said of the script.",
    "bad-line": () => "A line here is “field: value”.",
    "unknown-field": (subject) => `There is no field “${subject}”.`,
    "doubled-field": (subject) => `“${subject}” is said twice.`,
    "missing-name": () => "The script needs a name.",
    "bad-name": () => "A name has at most 100 characters, no / or \\, and no dot at its beginning.",
    "bad-value": (subject) => `“${subject}” is too long.`,
    "too-long": () => "The document is longer than 40,000 characters.",
    "unknown-platform": (subject) => `“${subject}” is none of: linux, macos, windows.`,
    "unknown-permission": (subject) => `There is no permission “${subject}”.`,
    "no-script": () => "Below the second line --- the script is missing.",
    "unknown-macro": (subject) => `There is no macro “${subject}”.`,
    "macro-elsewhere": (subject) =>
      `Only shells know macros, and not ${subject}: read the variable of the environment instead.`,
    "missing-description": () => "A description helps colleagues to choose the script.",
    "missing-platforms": () => "Say for which platforms the script is; now it is for all.",
    "missing-categories": () => "Without a category the script stands apart in the view.",
    "no-interpreter": (subject) => `Without a line #! the script is run by ${subject}.`,
    "wrong-platform": (subject) => `${subject} does not have what the line #! names.`,
    "macro-unquoted": (subject) =>
      `Put \${${subject}} in double quotes, or spaces and * in it count as several words.`,
    "macro-single-quoted": (subject) =>
      `In single quotes \${${subject}} stays as it is: use double quotes.`,
  },
  macros: {
    "session.lsid": "The session’s ID: 32 hex digits.",
    "session.queue": "The queue in which the customer waited.",
    "session.customer.name": "What the customer’s account is called.",
    "session.customer.computer": "The name of the customer’s computer.",
    "session.customer.platform": "The customer’s system, for instance “Debian GNU/Linux 12”.",
    "session.customer.issue": "What the customer wrote of the problem.",
    "session.representative.name": "The name of the representative who runs the script.",
    "site.name": "The name of the support site.",
  },
  fields: {
    name: "What the script is called, for everyone who sees it.",
    description: "One line about what it does.",
    platforms: "What it runs on: linux, macos, windows. None means all.",
    categories: "Where it stands in the view.",
    teams: "Teams that may use it. None means everyone.",
    needs: "Permissions that the session must have besides “scripts”.",
  },
  variable: (name) => `The script gets it as the variable \`${name}\`, never as a part of itself.`,
};

const fr: LanguageTexts = {
  faults: {
    "no-head": () => "Le document commence par une ligne ---, puis dit ce qu’est le script.",
    "head-open": () => "Une seconde ligne --- termine ce qui est dit du script.",
    "bad-line": () => "Une ligne ici est « champ: valeur ».",
    "unknown-field": (subject) => `Il n’y a pas de champ « ${subject} ».`,
    "doubled-field": (subject) => `« ${subject} » est dit deux fois.`,
    "missing-name": () => "Il faut un nom au script.",
    "bad-name": () => "Un nom a 100 caractères au plus, ni / ni \\, et pas de point au début.",
    "bad-value": (subject) => `« ${subject} » est trop long.`,
    "too-long": () => "Le document dépasse 40 000 caractères.",
    "unknown-platform": (subject) => `« ${subject} » n’est pas l’un de : linux, macos, windows.`,
    "unknown-permission": (subject) => `Il n’y a pas d’autorisation « ${subject} ».`,
    "no-script": () => "Sous la seconde ligne ---, le script manque.",
    "unknown-macro": (subject) => `Il n’y a pas de macro « ${subject} ».`,
    "macro-elsewhere": (subject) =>
      `Seuls les shells connaissent les macros, pas ${subject} : lisez la variable d’environnement.`,
    "missing-description": () => "Une description aide les collègues à choisir le script.",
    "missing-platforms": () => "Dites pour quels systèmes est le script ; sinon il est pour tous.",
    "missing-categories": () => "Sans catégorie, le script est à part dans la vue.",
    "no-interpreter": (subject) => `Sans ligne #!, le script est exécuté par ${subject}.`,
    "wrong-platform": (subject) => `${subject} n’a pas ce que nomme la ligne #!.`,
    "macro-unquoted": (subject) =>
      `Mettez \${${subject}} entre guillemets doubles, sinon les espaces et * en font plusieurs mots.`,
    "macro-single-quoted": (subject) =>
      `Entre apostrophes, \${${subject}} reste tel quel : utilisez des guillemets doubles.`,
  },
  macros: {
    "session.lsid": "L’identifiant de la session : 32 chiffres hexadécimaux.",
    "session.queue": "La file dans laquelle le client a attendu.",
    "session.customer.name": "Le nom du compte du client.",
    "session.customer.computer": "Le nom de l’ordinateur du client.",
    "session.customer.platform": "Le système du client, par exemple « Debian GNU/Linux 12 ».",
    "session.customer.issue": "Ce que le client a écrit du problème.",
    "session.representative.name": "Le nom du représentant qui exécute le script.",
    "site.name": "Le nom du site d’assistance.",
  },
  fields: {
    name: "Le nom du script, pour tous ceux qui le voient.",
    description: "Une ligne sur ce qu’il fait.",
    platforms: "Où il s’exécute : linux, macos, windows. Aucun veut dire tous.",
    categories: "Où il se trouve dans la vue.",
    teams: "Équipes qui peuvent l’utiliser. Aucune veut dire tout le monde.",
    needs: "Autorisations que la session doit avoir, outre « scripts ».",
  },
  variable: (name) =>
    `Le script le reçoit dans la variable \`${name}\`, jamais comme partie de lui-même.`,
};

/** The texts in the language of VS Code, as that names it. */
export function languageTexts(language: string): LanguageTexts {
  return language.toLowerCase().startsWith("fr") ? fr : en;
}
