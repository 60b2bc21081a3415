import type { PersonLanguage } from "../session/state.ts";
import type {
  HealthJudgement,
  HealthReading,
  HealthReason,
  HealthSubject,
  HealthVerdict,
} from "./health.ts";
import type { Disk } from "./storage.ts";

/** How sizes, times and numbers are written where the words are shown. */
export interface HealthFormat {
  readonly language: PersonLanguage;
  readonly size: (sizeBytes: number) => string;
  /** Of a moment, Unix ms. */
  readonly moment: (at: number) => string;
  readonly duration: (durationMs: number) => string;
}

/** The words of one language. */
interface HealthWords {
  readonly subjects: Readonly<Record<HealthSubject, string>>;
  readonly judgements: Readonly<Record<HealthJudgement, string>>;
  /** What is wrong, then what to do. */
  readonly reasons: Readonly<Record<HealthReason, string>>;
  readonly load: (averages: string, cores: number) => string;
  readonly memory: (available: string, total: string, own: string) => string;
  readonly disk: (free: string, total: string) => string;
  readonly endsAt: (time: string) => string;
  readonly noClock: string;
  readonly neverSynchronised: (source: string) => string;
  readonly synchronised: (source: string, time: string) => string;
  readonly offset: (seconds: string) => string;
  readonly lastAt: (time: string) => string;
  readonly noBackup: string;
  readonly updated: (version: string, time: string) => string;
  readonly waiting: (version: string) => string;
  readonly notNeeded: string;
  readonly needed: (packages: string) => string;
  readonly machine: (duration: string) => string;
  readonly server: (duration: string) => string;
}

const en: HealthWords = {
  subjects: {
    load: "Load",
    memory: "Memory",
    dataDisk: "Disk of the data",
    systemDisk: "Disk of the system",
    certificate: "Certificate",
    clock: "Clock",
    database: "Database",
    backup: "Last backup",
    update: "Release",
    restart: "Restart",
    upTime: "Up-time",
  },
  judgements: { good: "good", attention: "needs attention", bad: "bad" },
  reasons: {
    "load-high":
      "The processors have more to do than they can. Give the machine more of them, or see what else runs on it.",
    "memory-low": "Hardly any memory is left. Give the machine more, or see what else runs on it.",
    "disk-filling":
      "The disk is filling up. See under Storage what takes the room, keep recordings for fewer days, or enlarge the disk.",
    "certificate-ending": "The certificate ends soon. Ask for a new one under Certificate and TLS.",
    "certificate-ended":
      "The certificate has ended: browsers and consoles refuse the site. Put a new one in its place under Certificate and TLS.",
    "clock-unknown":
      "Nothing says whether the clock is right. Have systemd-timesyncd or chrony keep the time.",
    "clock-unsynchronised":
      "The clock has not been compared with a time server for long. Check the time servers, and that UDP port 123 is open to them.",
    "clock-off":
      "The clock is wrong. Check the time servers, and that the host of the machine has the right time.",
    "database-outgrows-disk":
      "The disk has no room for a copy of the database: an update or a backup would be refused. Make room, or enlarge the disk.",
    "backup-never":
      "There is no backup on the appliance. Make one under Backups, or have them made by themselves.",
    "backup-old":
      "The last backup is more than eight days old. Make one under Backups, and see why none was made.",
    "backup-failed": "The last backup could not be made. Backups says why.",
    "backup-not-sent":
      "A backup could not be sent to where backups go. Backups says why; it is tried again.",
    "update-failed": "The last update was not installed. Updates says why.",
    "update-waiting":
      "A newer release is available. Read what is new and install it under Updates.",
    "channel-unread":
      "The release channel has not been readable for days: newer releases may be missed. Updates says why.",
    "restart-needed":
      "Updates of the system take effect when the machine is restarted. Restart it when nobody needs help.",
  },
  load: (averages, cores) =>
    `${averages} (1, 5 and 15 minutes) on ${cores} ${cores === 1 ? "processor" : "processors"}`,
  memory: (available, total, own) => `${available} of ${total} available; Handrail uses ${own}`,
  disk: (free, total) => `${free} of ${total} free`,
  endsAt: (time) => `good until ${time}`,
  noClock: "not known whether it is right",
  neverSynchronised: (source) => `not synchronised yet (${source})`,
  synchronised: (source, time) => `synchronised ${time} (${source})`,
  offset: (seconds) => `off by ${seconds} s`,
  lastAt: (time) => time,
  noBackup: "none on the appliance",
  updated: (version, time) => `${version}, last update ${time}`,
  waiting: (version) => `release ${version} is available`,
  notNeeded: "not needed",
  needed: (packages) => (packages === "" ? "needed" : `needed for ${packages}`),
  machine: (duration) => `machine ${duration}`,
  server: (duration) => `server ${duration}`,
};

const fr: HealthWords = {
  subjects: {
    load: "Charge",
    memory: "Mémoire",
    dataDisk: "Disque des données",
    systemDisk: "Disque du système",
    certificate: "Certificat",
    clock: "Horloge",
    database: "Base de données",
    backup: "Dernière sauvegarde",
    update: "Version",
    restart: "Redémarrage",
    upTime: "En service depuis",
  },
  judgements: { good: "bien", attention: "à surveiller", bad: "mauvais" },
  reasons: {
    "load-high":
      "Les processeurs ont plus à faire qu’ils ne peuvent. Donnez-en davantage à la machine, ou voyez ce qui y tourne d’autre.",
    "memory-low":
      "Il ne reste presque plus de mémoire. Donnez-en davantage à la machine, ou voyez ce qui y tourne d’autre.",
    "disk-filling":
      "Le disque se remplit. Voyez sous Stockage ce qui prend la place, gardez les enregistrements moins longtemps, ou agrandissez le disque.",
    "certificate-ending":
      "Le certificat prend bientôt fin. Demandez-en un nouveau sous Certificat et TLS.",
    "certificate-ended":
      "Le certificat a pris fin : les navigateurs et les consoles refusent le site. Mettez-en un nouveau sous Certificat et TLS.",
    "clock-unknown":
      "Rien ne dit si l’horloge est juste. Confiez l’heure à systemd-timesyncd ou à chrony.",
    "clock-unsynchronised":
      "L’horloge n’a pas été comparée depuis longtemps avec un serveur de temps. Vérifiez les serveurs de temps, et que le port UDP 123 leur est ouvert.",
    "clock-off":
      "L’horloge n’est pas juste. Vérifiez les serveurs de temps, et que l’hôte de la machine est à l’heure.",
    "database-outgrows-disk":
      "Le disque n’a pas la place d’une copie de la base de données : une mise à jour ou une sauvegarde serait refusée. Faites de la place, ou agrandissez le disque.",
    "backup-never":
      "Il n’y a pas de sauvegarde sur l’appliance. Faites-en une sous Sauvegardes, ou faites-les faire automatiquement.",
    "backup-old":
      "La dernière sauvegarde a plus de huit jours. Faites-en une sous Sauvegardes, et voyez pourquoi aucune n’a été faite.",
    "backup-failed": "La dernière sauvegarde n’a pas pu être faite. Sauvegardes dit pourquoi.",
    "backup-not-sent":
      "Une sauvegarde n’a pas pu être envoyée à sa destination. Sauvegardes dit pourquoi ; l’envoi est réessayé.",
    "update-failed": "La dernière mise à jour n’a pas été installée. Mises à jour dit pourquoi.",
    "update-waiting":
      "Une version plus récente est disponible. Lisez ce qui est nouveau et installez-la sous Mises à jour.",
    "channel-unread":
      "Le canal des versions n’est pas lisible depuis des jours : une version plus récente peut passer inaperçue. Mises à jour dit pourquoi.",
    "restart-needed":
      "Des mises à jour du système prennent effet au redémarrage de la machine. Redémarrez-la quand personne n’a besoin d’aide.",
  },
  load: (averages, cores) =>
    `${averages} (1, 5 et 15 minutes) sur ${cores} ${cores === 1 ? "processeur" : "processeurs"}`,
  memory: (available, total, own) =>
    `${available} disponibles sur ${total} ; Handrail en utilise ${own}`,
  disk: (free, total) => `${free} libres sur ${total}`,
  endsAt: (time) => `valable jusqu’au ${time}`,
  noClock: "on ne sait pas si elle est juste",
  neverSynchronised: (source) => `pas encore synchronisée (${source})`,
  synchronised: (source, time) => `synchronisée le ${time} (${source})`,
  offset: (seconds) => `écart de ${seconds} s`,
  lastAt: (time) => time,
  noBackup: "aucune sur l’appliance",
  updated: (version, time) => `${version}, dernière mise à jour le ${time}`,
  waiting: (version) => `la version ${version} est disponible`,
  notNeeded: "pas nécessaire",
  needed: (packages) => (packages === "" ? "nécessaire" : `nécessaire pour ${packages}`),
  machine: (duration) => `machine ${duration}`,
  server: (duration) => `serveur ${duration}`,
};

/** The name of a subject. */
export function healthSubjectText(subject: HealthSubject, language: PersonLanguage): string {
  return wordsOf(language).subjects[subject];
}

/** A judgement in a word or two. */
export function healthJudgementText(judgement: HealthJudgement, language: PersonLanguage): string {
  return wordsOf(language).judgements[judgement];
}

/** What is wrong and what to do; empty where all is well. */
export function healthAdvice({ reason }: HealthVerdict, language: PersonLanguage): string {
  return reason === undefined ? "" : wordsOf(language).reasons[reason];
}

/** What was read of a subject, in a line. */
export function healthValueText(
  subject: HealthSubject,
  reading: HealthReading,
  format: HealthFormat,
): string {
  return values[subject](reading, { ...format, words: wordsOf(format.language) });
}

/** How much of it is taken, from 0 to 1; undefined for what is no share of anything. */
export function healthShare(subject: HealthSubject, reading: HealthReading): number | undefined {
  const { load, memory, dataDisk, systemDisk } = reading;
  const taken = ({ freeBytes, totalBytes }: Disk) => 1 - freeBytes / totalBytes;
  switch (subject) {
    case "load":
      return Math.min(1, load.averages[1] / load.cores);
    case "memory":
      return 1 - memory.availableBytes / memory.totalBytes;
    case "dataDisk":
      return taken(dataDisk);
    case "systemDisk":
      return taken(systemDisk);
    default:
      return undefined;
  }
}

type Writer = HealthFormat & { readonly words: HealthWords };

const values: Readonly<Record<HealthSubject, (reading: HealthReading, as: Writer) => string>> = {
  load: ({ load }, as) =>
    as.words.load(load.averages.map((each) => decimal(each, as)).join(" · "), load.cores),
  memory: ({ memory }, { words, size }) =>
    words.memory(size(memory.availableBytes), size(memory.totalBytes), size(memory.handrailBytes)),
  dataDisk: ({ dataDisk }, as) => diskText(dataDisk, as),
  systemDisk: ({ systemDisk }, as) => diskText(systemDisk, as),
  certificate: ({ certificate }, { words, moment }) => words.endsAt(moment(certificate.validTo)),
  clock: ({ clock }, as) => clockText(clock, as),
  database: ({ database }, { size }) => size(database.sizeBytes),
  backup: ({ backup: { lastAt } }, { words, moment }) =>
    lastAt === undefined ? words.noBackup : words.lastAt(moment(lastAt)),
  update: ({ update: { version, lastAt, waiting } }, { words, moment }) =>
    [
      lastAt === undefined ? version : words.updated(version, moment(lastAt)),
      ...(waiting === undefined ? [] : [words.waiting(waiting)]),
    ].join(" · "),
  restart: ({ restart }, { words }) =>
    restart.isNeeded ? words.needed(restart.packages.join(", ")) : words.notNeeded,
  upTime: ({ upTime: { bootedAt, startedAt }, readAt }, { words, duration }) =>
    [
      words.machine(duration(readAt - bootedAt)),
      ...(startedAt === undefined ? [] : [words.server(duration(readAt - startedAt))]),
    ].join(" · "),
};

function diskText({ freeBytes, totalBytes }: Disk, { words, size }: Writer): string {
  return words.disk(size(freeBytes), size(totalBytes));
}

function clockText(clock: HealthReading["clock"], as: Writer): string {
  const { source, isSynchronised, lastAt, offsetMs } = clock;
  const { words, moment } = as;
  if (source === "none") return words.noClock;
  const how =
    isSynchronised && lastAt !== undefined
      ? words.synchronised(source, moment(lastAt))
      : words.neverSynchronised(source);
  if (offsetMs === undefined) return how;
  return `${how}, ${words.offset(decimal(offsetMs / 1000, as))}`;
}

function decimal(value: number, { language }: HealthFormat): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return new Intl.NumberFormat(language, digits).format(value);
}

function wordsOf(language: PersonLanguage): HealthWords {
  return language === "fr" ? fr : en;
}
