import { html, type Html } from "../page/html.ts";
import type { Language } from "../page/language.ts";
import { renderPage } from "../page/layout.ts";
import { portalTexts } from "./text.ts";

/** What every page of the portal is made for. */
export interface PortalPage {
  readonly language: Language;
  readonly siteName: string;
}

/** The first page: one box for the key, with `problem` beside it after a refusal. */
export function keyPage({ language, siteName }: PortalPage, problem?: string): string {
  const text = portalTexts[language];
  const invalid = html`aria-invalid="true" aria-describedby="key-problem key-hint"`;
  return renderPage({
    language,
    siteName,
    title: problem === undefined ? text.title : `${problem} ${text.title}`,
    path: "/",
    content: html`<div class="card">
      <h1>${text.heading}</h1>
      <p class="lead">${text.lead}</p>
      <form method="post" action="/start">
        ${
          problem !== undefined &&
          html`<p class="wrong" id="key-problem" role="alert">${problem}</p>`
        }
        <div class="field">
          <label for="key">${text.key}</label>
          <input
            class="key"
            type="text"
            id="key"
            name="key"
            inputmode="numeric"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength="32"
            required
            autofocus
            ${problem === undefined ? html`aria-describedby="key-hint"` : invalid}
          />
          <p class="hint" id="key-hint">${text.keyHint}</p>
        </div>
        <button class="wide" type="submit">${text.go}</button>
      </form>
    </div>`,
  });
}

/** Who is going to help, what will happen, and the way to the client. */
export function startPage(
  page: PortalPage,
  about: { representative: string; command: string | undefined; isLinux: boolean },
): string {
  const { language, siteName } = page;
  const text = portalTexts[language];
  const { representative, command } = about;
  return renderPage({
    language,
    siteName,
    title: text.helper(representative),
    path: "/start",
    head: html`<script src="/assets/copy.js" defer></script>`,
    content: html`<div class="card">
      <h1>${text.helper(representative)}</h1>
      <p class="lead">${text.isExpected(representative)}</p>
      ${!about.isLinux && html`<p class="notice" role="note">${text.otherSystem}</p>`}
      <p>${text.helperLead}</p>
      <ol class="steps">
        ${text.steps(representative).map((step) => html`<li>${step}</li>`)}
      </ol>
      ${
        command === undefined
          ? html`<p class="wrong" role="alert">${text.preparing}</p>`
          : download(language, command)
      }
    </div>`,
  });
}

/** The session has ended, or the browser has no ticket. */
export function overPage({ language, siteName }: PortalPage): string {
  const text = portalTexts[language];
  return renderPage({
    language,
    siteName,
    title: text.over,
    path: "/",
    content: html`<div class="card">
      <h1>${text.over}</h1>
      <p class="lead">${text.overLead}</p>
      <p><a class="button" href="/">${text.again}</a></p>
    </div>`,
  });
}

function download(language: Language, command: string): Html {
  const text = portalTexts[language];
  const { copy, copied } = text;
  return html`<form method="post" action="/start/download">
      <button class="wide" type="submit">${text.download}</button>
    </form>
    <p class="hint">${text.openIt}</p>
    <pre><code>${text.openCommand}</code></pre>
    <details>
      <summary>${text.terminal}</summary>
      <p>${text.terminalLead}</p>
      <pre><code id="command">${command}</code></pre>
      <button
        class="plain"
        type="button"
        hidden
        data-copy="command"
        data-copied="${copied}"
        aria-describedby="copied"
      >
        ${copy}
      </button>
      <span id="copied" role="status"></span>
    </details>`;
}
