import { type ErrorCode, errorCatalogue } from "@handrail/protocol";
import { html } from "./html.ts";
import type { Language } from "./language.ts";
import { renderPage } from "./layout.ts";

const texts = {
  en: {
    title: "Something went wrong",
    notFound: "There is no such page",
    tooMany: "Too many attempts: please wait a moment, then try again.",
    forbidden: "The form did not come from this site, or it was open for too long. Start again.",
    diskFull: "This site has no space left: please tell whoever looks after it.",
    unavailable: "The site is busy or starting: please try again in a moment.",
    other: "Please go back and try again. If it stays so, tell whoever asked you to come here.",
    home: "To the first page",
  },
  fr: {
    title: "Un problème est survenu",
    notFound: "Cette page n’existe pas",
    tooMany: "Trop d’essais : patientez un instant, puis réessayez.",
    forbidden:
      "Le formulaire ne vient pas de ce site, ou il est resté ouvert trop longtemps. Recommencez.",
    diskFull: "Ce site n’a plus d’espace libre : prévenez la personne qui s’en occupe.",
    unavailable: "Le site est occupé ou démarre : réessayez dans un instant.",
    other:
      "Revenez en arrière et réessayez. Si cela persiste, prévenez la personne qui vous a envoyé ici.",
    home: "Vers la première page",
  },
} as const;

/** The page for a refusal or fault that no form can show. */
export function faultPage(code: ErrorCode, language: Language, siteName: string): string {
  const text = texts[language];
  const title = code === "not-found" ? text.notFound : text.title;
  return renderPage({
    language,
    siteName,
    title,
    path: "/",
    content: html`<div class="card">
      <h1>${title}</h1>
      ${code === "not-found" ? undefined : html`<p class="lead">${sentence(code, language)}</p>`}
      <p><a class="button" href="/">${text.home}</a></p>
    </div>`,
  });
}

function sentence(code: ErrorCode, language: Language): string {
  const text = texts[language];
  if (code === "too-many-attempts") return text.tooMany;
  if (code === "not-permitted") return text.forbidden;
  if (code === "disk-full") return text.diskFull;
  return errorCatalogue[code].status === 503 ? text.unavailable : text.other;
}
