import { html, type Html, type Part } from "./html.ts";
import { type Language, languageNames, languages } from "./language.ts";

/** A page as visitors and representatives see it before anything is installed. */
export interface Page {
  readonly language: Language;
  readonly siteName: string;
  /** What the page is about, for the tab. */
  readonly title: string;
  /** Where the language menu leads: a path that shows this page, or the best before it. */
  readonly path: string;
  /** Names and addresses of further parts of the query that the language menu keeps. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly content: Html;
  /** Further elements of the head. */
  readonly head?: Part;
}

/** Where the style sheet is; the number changes with it. */
export const styleSheetPath = "/assets/handrail.css";

const texts = {
  en: { skip: "Skip to content", menu: "Language", by: "Remote support with Handrail" },
  fr: { skip: "Aller au contenu", menu: "Langue", by: "Assistance à distance avec Handrail" },
} as const;

/** The whole document. Works without script. */
export function renderPage(page: Page): string {
  const text = texts[page.language];
  return html`<!doctype html>
    <html lang="${page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} – ${page.siteName}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${styleSheetPath}" />
        ${page.head}
      </head>
      <body>
        <a class="skip" href="#content">${text.skip}</a>
        <header>
          <p class="site">
            <img src="/assets/icon.svg" alt="" width="32" height="32" />${page.siteName}
          </p>
          <nav aria-label="${text.menu}">
            ${languages.map((language) => menuItem(page, language))}
          </nav>
        </header>
        <main id="content">${page.content}</main>
        <footer><p>${text.by}</p></footer>
      </body>
    </html>`.toString();
}

function menuItem(page: Page, language: Language): Html {
  const query = new URLSearchParams({ ...page.query, lang: language });
  const current = language === page.language ? html`aria-current="true"` : undefined;
  const href = `${page.path}?${query.toString()}`;
  return html`<a href="${href}" lang="${language}" hreflang="${language}" ${current}
    >${languageNames[language]}</a
  >`;
}
