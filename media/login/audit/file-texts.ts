import { counted, countedEn } from "../../kit/french.ts";
import { part, type Sentence } from "./fact.ts";

/** What the audit log says of files, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  "files.opened": () => "Began to look through the customer’s files",
  "files.searched": (f) => `Searched ${f("folder")} for ${f("pattern")}`,
  "files.listed": (f) =>
    `Looked into ${countedEn(f("count"), "folder", "folders")}: ${f("folders")}`,
  "file.hashed": (f) => `Had ${f("path")} checked (${f("sizeBytes")}), SHA-256 ${f("sha256")}`,
  "files.closed": () => "Finished looking through the customer’s files",
  "download.opened": () => "Began to copy files from the customer’s computer",
  "download.closed": () => "Finished copying files from the customer’s computer",
  "file.downloaded": (f) =>
    `Copied ${f("path")} from the customer’s computer (${f("sizeBytes")}), SHA-256 ${f("sha256")}`,
  "file.download-stopped": (f) =>
    `Copied ${f("sentBytes")} of ${f("path")} from the customer’s computer (${f("sizeBytes")}), and stopped`,
  "files.downloaded": (f) =>
    `Copied ${countedEn(f("count"), "file", "files")} of ${f("folder")} from the customer’s computer (${f("sizeBytes")}), SHA-256 of the list ${f("sha256")}: ${f("names")}`,
  "files-write.opened": () => "Began to change files on the customer’s computer",
  "files-write.closed": () => "Finished changing files on the customer’s computer",
  "file.saved": (f) =>
    `Wrote ${f("path")} (${f("sizeBytes")}), SHA-256 ${f("sha256")}${part("; before: ", f("sizeBefore"), part(", SHA-256 ", f("sha256Before")))}`,
  "files.saved": (f) =>
    `Wrote ${countedEn(f("count"), "file", "files")} into ${f("folder")} (${f("sizeBytes")}), SHA-256 of the list ${f("sha256")}: ${f("names")}`,
  "folder.made": (f) => `Made the folder ${f("path")}`,
  "file.renamed": (f) =>
    `Renamed ${f("path")} to ${f("to")}${part(", instead of ", f("replaced"))}`,
  "file.copied": (f) =>
    `Copied ${f("path")} to ${f("to")} (${f("count")}, ${f("sizeBytes")})${part(", not all of it: ", f("error"))}`,
  "file.removed": (f) =>
    `Deleted ${f("path")} (${f("count")}, ${f("sizeBytes")})${part(", not all of it: ", f("error"))}`,
  "file.linked": (f) => `Made ${f("path")} a link to ${f("target")}`,
  "file.changed": (f) =>
    `Changed ${f("path")}${part(": rights ", f("mode"))}${part(", time ", f("modified"))}`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "files.opened": () => "A commencé à parcourir les fichiers du client",
  "files.searched": (f) => `A cherché ${f("pattern")} dans ${f("folder")}`,
  "files.listed": (f) =>
    `A regardé dans ${counted(f("count"), "dossier", "dossiers")} : ${f("folders")}`,
  "file.hashed": (f) => `A fait vérifier ${f("path")} (${f("sizeBytes")}), SHA-256 ${f("sha256")}`,
  "files.closed": () => "A fini de parcourir les fichiers du client",
  "download.opened": () => "A commencé à copier des fichiers de l’ordinateur du client",
  "download.closed": () => "A fini de copier des fichiers de l’ordinateur du client",
  "file.downloaded": (f) =>
    `A copié ${f("path")} de l’ordinateur du client (${f("sizeBytes")}), SHA-256 ${f("sha256")}`,
  "file.download-stopped": (f) =>
    `A copié ${f("sentBytes")} de ${f("path")} de l’ordinateur du client (${f("sizeBytes")}), puis arrêté`,
  "files.downloaded": (f) =>
    `A copié ${counted(f("count"), "fichier", "fichiers")} de ${f("folder")} de l’ordinateur du client (${f("sizeBytes")}), SHA-256 de la liste ${f("sha256")} : ${f("names")}`,
  "files-write.opened": () => "A commencé à modifier des fichiers de l’ordinateur du client",
  "files-write.closed": () => "A fini de modifier des fichiers de l’ordinateur du client",
  "file.saved": (f) =>
    `A écrit ${f("path")} (${f("sizeBytes")}), SHA-256 ${f("sha256")}${part(" ; avant : ", f("sizeBefore"), part(", SHA-256 ", f("sha256Before")))}`,
  "files.saved": (f) =>
    `A écrit ${counted(f("count"), "fichier", "fichiers")} dans ${f("folder")} (${f("sizeBytes")}), SHA-256 de la liste ${f("sha256")} : ${f("names")}`,
  "folder.made": (f) => `A créé le dossier ${f("path")}`,
  "file.renamed": (f) =>
    `A renommé ${f("path")} en ${f("to")}${part(", à la place de ", f("replaced"))}`,
  "file.copied": (f) =>
    `A copié ${f("path")} vers ${f("to")} (${f("count")}, ${f("sizeBytes")})${part(", pas en entier : ", f("error"))}`,
  "file.removed": (f) =>
    `A supprimé ${f("path")} (${f("count")}, ${f("sizeBytes")})${part(", pas en entier : ", f("error"))}`,
  "file.linked": (f) => `A fait de ${f("path")} un lien vers ${f("target")}`,
  "file.changed": (f) =>
    `A modifié ${f("path")}${part(" : droits ", f("mode"))}${part(", date ", f("modified"))}`,
};
