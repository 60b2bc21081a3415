import type { Language } from "../page/language.ts";

/** What somebody reads who signs a console in. */
export interface SignInText {
  readonly title: string;
  readonly heading: string;
  readonly lead: string;
  readonly name: string;
  readonly password: string;
  readonly signIn: string;
  readonly wrong: string;
  readonly disabled: string;
  readonly tooMany: (minutes: number) => string;
  readonly confirm: (name: string) => string;
  readonly confirmLead: string;
  readonly go: string;
  readonly other: string;
  readonly done: string;
  readonly doneLead: string;
  readonly open: string;
  readonly badRequest: string;
  readonly badRequestLead: string;
  readonly deviceHeading: string;
  readonly deviceLead: string;
  readonly code: string;
  readonly codeHint: string;
  readonly unknownCode: string;
  readonly deviceConfirm: string;
  readonly deviceConfirmLead: (name: string) => string;
  readonly allow: string;
  readonly refuse: string;
  readonly allowed: string;
  readonly allowedLead: string;
  readonly refused: string;
  readonly refusedLead: string;
  readonly expiredForm: string;
  readonly factorHeading: string;
  readonly factorLead: string;
  readonly factorCode: string;
  readonly factorHint: string;
  readonly factorWrong: string;
  readonly setUpHeading: string;
  readonly setUpLead: string;
  readonly setUpOpen: string;
  readonly setUpGo: string;
}

const en: SignInText = {
  title: "Sign in",
  heading: "Sign in to your console",
  lead: "Your representative console asks for this. Sign in only if you started it yourself.",
  name: "Name",
  password: "Password",
  signIn: "Sign in",
  wrong: "The name or the password is wrong.",
  disabled: "This account is disabled. Ask your administrator.",
  tooMany: (minutes) =>
    minutes === 1
      ? "Too many attempts. Please wait a minute, then try again."
      : `Too many attempts. Please wait ${minutes} minutes, then try again.`,
  confirm: (name) => `Continue as ${name}?`,
  confirmLead: "Your representative console will work with this account.",
  go: "Continue",
  other: "Use another account",
  done: "You are signed in",
  doneLead: "Your console takes over now. You can close this tab.",
  open: "Open the console",
  badRequest: "This sign-in cannot be used",
  badRequestLead:
    "The console asked for something that this site does not give. Start the sign-in there again.",
  deviceHeading: "Connect a console",
  deviceLead: "Your representative console shows a code of eight letters.",
  code: "Code",
  codeHint: "Eight letters, like WDJB-MJHT.",
  unknownCode: "No console waits with this code. Check the letters, or start again there.",
  deviceConfirm: "Is this the code that your console shows?",
  deviceConfirmLead: (name) =>
    `The console will work as ${name}. Refuse if somebody else sent you this code.`,
  allow: "Yes, connect it",
  refuse: "Refuse",
  allowed: "The console is connected",
  allowedLead: "It signs in within a few seconds. You can close this tab.",
  refused: "The console was refused",
  refusedLead: "It has not been signed in.",
  expiredForm: "The form was open for too long. Please try again.",
  factorHeading: "Confirm that it is you",
  factorLead: "Your account has a second factor. Open the app on your device.",
  factorCode: "Code from the app",
  factorHint: "Six digits. Without your device, use one of your recovery codes.",
  factorWrong: "This code is wrong, or was used already. The app shows a new one every 30 seconds.",
  setUpHeading: "A second factor is needed",
  setUpLead:
    "This site asks for a second factor, and your account has none yet. Set it up in the other tab, then come back here.",
  setUpOpen: "Set it up",
  setUpGo: "I have set it up, continue",
};

const fr: SignInText = {
  title: "Connexion",
  heading: "Connectez-vous à votre console",
  lead: "Votre console d’assistance le demande. Connectez-vous seulement si vous l’avez lancée vous-même.",
  name: "Nom",
  password: "Mot de passe",
  signIn: "Se connecter",
  wrong: "Le nom ou le mot de passe est incorrect.",
  disabled: "Ce compte est désactivé. Adressez-vous à votre administrateur.",
  tooMany: (minutes) =>
    minutes === 1
      ? "Trop d’essais. Patientez une minute, puis réessayez."
      : `Trop d’essais. Patientez ${minutes} minutes, puis réessayez.`,
  confirm: (name) => `Continuer en tant que ${name} ?`,
  confirmLead: "Votre console d’assistance travaillera avec ce compte.",
  go: "Continuer",
  other: "Utiliser un autre compte",
  done: "Connexion réussie",
  doneLead: "Votre console prend le relais. Vous pouvez fermer cet onglet.",
  open: "Ouvrir la console",
  badRequest: "Cette connexion ne peut pas être utilisée",
  badRequestLead:
    "La console a demandé quelque chose que ce site ne donne pas. Recommencez la connexion depuis la console.",
  deviceHeading: "Relier une console",
  deviceLead: "Votre console d’assistance affiche un code de huit lettres.",
  code: "Code",
  codeHint: "Huit lettres, comme WDJB-MJHT.",
  unknownCode:
    "Aucune console n’attend avec ce code. Vérifiez les lettres ou recommencez sur la console.",
  deviceConfirm: "Est-ce bien le code qu’affiche votre console ?",
  deviceConfirmLead: (name) =>
    `La console travaillera en tant que ${name}. Refusez si quelqu’un d’autre vous a envoyé ce code.`,
  allow: "Oui, la relier",
  refuse: "Refuser",
  allowed: "La console est reliée",
  allowedLead: "Elle se connecte dans quelques secondes. Vous pouvez fermer cet onglet.",
  refused: "La console a été refusée",
  refusedLead: "Elle n’a pas été connectée.",
  expiredForm: "Le formulaire est resté ouvert trop longtemps. Réessayez.",
  factorHeading: "Confirmez que c’est bien vous",
  factorLead: "Votre compte a un second facteur. Ouvrez l’application sur votre appareil.",
  factorCode: "Code de l’application",
  factorHint: "Six chiffres. Sans votre appareil, utilisez l’un de vos codes de secours.",
  factorWrong:
    "Ce code est faux ou a déjà servi. L’application en affiche un nouveau toutes les 30 secondes.",
  setUpHeading: "Un second facteur est nécessaire",
  setUpLead:
    "Ce site demande un second facteur, et votre compte n’en a pas encore. Configurez-le dans l’autre onglet, puis revenez ici.",
  setUpOpen: "Le configurer",
  setUpGo: "C’est fait, continuer",
};

/** The words of the sign-in pages in each language. */
export const signInTexts: Readonly<Record<Language, SignInText>> = { en, fr };
