import { readFileSync } from "node:fs";
import path from "node:path";
import { HandrailError, type Lsid } from "@handrail/protocol";
import type { Language } from "../page/language.ts";
import type { Runtime } from "./runtime.ts";

/** What a customer's client is told to join with; its configuration, as JSON. */
export interface JoinConfiguration {
  /** The site's origin. */
  readonly site: string;
  /** SHA-256 of the certificate's DER, hex. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SPKI), base64. */
  readonly publicKeyPin: string;
  readonly ticket: string;
  /** What the site is called. */
  readonly siteName: string;
  readonly language: Language;
}

/** Name of the file that a visitor downloads: of the session, for older ones may lie beside it. */
export function starterName(lsid: Lsid): string {
  return `handrail-support-${lsid.slice(0, 4)}.sh`;
}

/** Starts it in a terminal, in whatever language the desktop has named the folder of downloads. */
export function startCommand(lsid: Lsid): string {
  return `sh ~/*/${starterName(lsid)}`;
}

const template = readFileSync(path.join(import.meta.dirname, "starter.sh"), "utf8");

const texts = {
  en: {
    TEXT_OTHER_SYSTEM: "This program runs on Linux with a 64-bit Intel or AMD processor.",
    TEXT_MISSING_PROGRAM: "Please install this program first, then start again:",
    TEXT_DOWNLOADING: "Downloading the support program, once …",
    TEXT_NOT_REACHED: "The support site cannot be reached, or it is not the one that it should be.",
    TEXT_TAMPERED: "The download is damaged or was changed on its way. Nothing has been started.",
    TEXT_NO_SPACE: "The support program cannot be stored: is there space in your home folder?",
    TEXT_OVER: "This help session is over. You can delete this file: it does nothing any more.",
    TEXT_STARTING: "Starting …",
  },
  fr: {
    TEXT_OTHER_SYSTEM:
      "Ce programme fonctionne sous Linux avec un processeur Intel ou AMD 64 bits.",
    TEXT_MISSING_PROGRAM: "Installez d’abord ce programme, puis recommencez :",
    TEXT_DOWNLOADING: "Téléchargement du programme d’assistance, une seule fois …",
    TEXT_NOT_REACHED:
      "Le site d’assistance est injoignable, ou ce n’est pas celui qui est attendu.",
    TEXT_TAMPERED:
      "Le téléchargement est endommagé ou a été modifié en route. Rien n’a été démarré.",
    TEXT_NO_SPACE:
      "Le programme d’assistance ne peut pas être enregistré : reste-t-il de la place dans votre dossier personnel ?",
    TEXT_OVER:
      "Cette session d’aide est terminée. Vous pouvez supprimer ce fichier : il ne fait plus rien.",
    TEXT_STARTING: "Démarrage …",
  },
} as const;

/**
 * The POSIX shell script that fetches the client for one session and starts it. It holds the
 * session's ticket, so it is a secret of the visitor.
 */
export function makeStarter(join: JoinConfiguration, runtime: Runtime): string {
  const values: Readonly<Record<string, string>> = {
    ...texts[join.language],
    SITE: join.site,
    PUBLIC_KEY_PIN: join.publicKeyPin,
    ARCHIVE_SHA256: runtime.archiveSha256,
    CONTENTS_SHA256: runtime.contentsSha256,
    TICKET: join.ticket,
    // In JSON an apostrophe may be written as its number.
    JOIN: JSON.stringify(join).replaceAll("'", "\\u0027"),
  };
  return template.replace(/@([A-Z0-9_]+)@/g, (_whole, name: string) => quotable(values[name]));
}

/** The line that does the same in a terminal. `printf` is the shell's own: no list shows it. */
export function terminalCommand(join: JoinConfiguration): string {
  const form = new URLSearchParams({ ticket: join.ticket, language: join.language });
  const pin = quotable(join.publicKeyPin);
  return (
    `printf '${quotable(form.toString())}' | ` +
    `curl -fsSk --pinnedpubkey 'sha256//${pin}' -d @- '${quotable(join.site)}/start/linux' | sh`
  );
}

/** Everything stands between single quotes or in a quoted here-document: nothing may end those. */
function quotable(value: string | undefined): string {
  if (value !== undefined && !/['\n\r\0]/.test(value)) return value;
  throw new HandrailError("internal", "a value cannot be put into the starter");
}
