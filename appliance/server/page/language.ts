/** The languages of the pages, in the order of the menu. */
export const languages = ["en", "fr"] as const;
/** One of them. */
export type Language = (typeof languages)[number];

/** What each calls itself. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English", fr: "Français" };

/** The cookie that remembers a choice. */
export const languageCookie = "handrail_language";

/** Whether that is a language of the pages. */
export function isLanguage(text: unknown): text is Language {
  return languages.some((language) => language === text);
}

/** A choice made before goes first, then what the browser prefers (RFC 9110 section 12.5.4). */
export function chooseLanguage(chosen: unknown, acceptLanguage: string | undefined): Language {
  if (isLanguage(chosen)) return chosen;
  const preferred = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return preferred.find((range) => isLanguage(range.language))?.language ?? "en";
}

function readRange(text: string): { language: Language | undefined; quality: number } {
  const [tag = "", ...parameters] = text.trim().toLowerCase().split(";");
  const primary = tag.trim().split("-")[0];
  const weight = parameters.map((each) => /^\s*q=([0-9.]+)/.exec(each)?.[1]).find(Boolean);
  const quality = weight === undefined ? 1 : Number(weight);
  return {
    language: isLanguage(primary) ? primary : undefined,
    quality: Number.isFinite(quality) ? quality : 0,
  };
}
