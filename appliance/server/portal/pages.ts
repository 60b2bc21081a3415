import { html, type Html } from "../page/html.ts";
import type { Language } from "../page/language.ts";
import { renderPage } from "../page/layout.ts";
import { startPicture } from "./picture.ts";
import { portalTexts } from "./text.ts";

/** What every page of the portal is made for. */
export interface PortalPage {
  readonly language: Language;
  readonly siteName: string;
}

/** Why the form is shown again. */
export interface KeyRefusal {
  readonly problem: string;
  /** What was typed, so that a wrong digit can be put right. */
  readonly typed: string;
  /** Who helps in the session that this browser has already. */
  readonly helper: string | undefined;
}

const maxKeyLength = 32;

/** The first page: one box for the key, filled in and with what is wrong after a refusal. */
export function keyPage({ language, siteName }: PortalPage, refusal?: KeyRefusal): string {
  const text = portalTexts[language];
  const described = refusal
    ? html`data-select aria-invalid="true" aria-describedby="key-problem key-hint"`
    : html`aria-describedby="key-hint"`;
  return renderPage({
    language,
    siteName,
    title: refusal ? `${refusal.problem} ${text.title}` : text.title,
    path: "/",
    head: refusal && html`<script src="/assets/select.js" defer></script>`,
    content: html`<div class="card">
      <h1>${text.heading}</h1>
      <p class="lead">${text.lead}</p>
      ${
        refusal?.helper !== undefined &&
        html`<p class="notice" role="note">
          ${text.ongoing(refusal.helper)} <a href="/start">${text.goOn}</a>
        </p>`
      }
      <form method="post" action="/start">
        ${refusal && html`<p class="wrong" id="key-problem" role="alert">${refusal.problem}</p>`}
        <div class="field">
          <label for="key">${text.key}</label>
          <input
            class="key"
            type="text"
            id="key"
            name="key"
            value="${refusal?.typed.trim().slice(0, maxKeyLength)}"
            inputmode="numeric"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            maxlength="${maxKeyLength}"
            aria-required="true"
            autofocus
            ${described}
          />
          <p class="hint" id="key-hint">${text.keyHint}</p>
        </div>
        <button class="wide" type="submit">${text.go}</button>
      </form>
    </div>`,
  });
}

/** What the visitor has to know of the session. */
export interface StartFacts {
  readonly representative: string;
  /** The customer's client is running. */
  readonly hasJoined: boolean;
  /** The line that starts what was downloaded. */
  readonly start: string;
  /** The line that downloads and starts; undefined when there is no client on this site. */
  readonly command: string | undefined;
  readonly isLinux: boolean;
}

/** Who is going to help, what will happen, and the way to the client. */
export function startPage(page: PortalPage, facts: StartFacts): string {
  const { language, siteName } = page;
  const text = portalTexts[language];
  const { representative, command, hasJoined } = facts;
  return renderPage({
    language,
    siteName,
    title: text.helper(representative),
    path: "/start",
    head: html`<script src="/assets/copy.js" defer></script>
      <script src="/assets/follow.js" defer></script>`,
    content: html`<div class="card" data-standing="${hasJoined ? "joined" : "joining"}">
      <h1>${text.helper(representative)}</h1>
      <p class="lead">${text.isExpected(representative)}</p>
      ${!facts.isLinux && html`<p class="notice" role="note">${text.otherSystem}</p>`}
      ${
        hasJoined &&
        html`<p class="notice" role="note">
          <strong>${text.connected}</strong> ${text.connectedLead(representative)}
        </p>`
      }
      <h2>${text.nextHeading}</h2>
      <ul class="overview">
        ${!hasJoined && html`<li>${text.firstStep}</li>`}
        ${text.steps(representative).map((step) => html`<li>${step}</li>`)}
      </ul>
      ${wayToClient(language, facts, command)}
    </div>`,
  });
}

/** The session has ended, or the browser has none: `hadOne` says which. */
export function overPage({ language, siteName }: PortalPage, hadOne: boolean): string {
  const text = portalTexts[language];
  const title = hadOne ? text.over : text.none;
  return renderPage({
    language,
    siteName,
    title,
    path: "/",
    content: html`<div class="card">
      <h1>${title}</h1>
      <p class="lead">${hadOne ? text.overLead : text.noneLead}</p>
      <p><a class="button" href="/">${text.again}</a></p>
    </div>`,
  });
}

function wayToClient(language: Language, facts: StartFacts, command: string | undefined): Html {
  const text = portalTexts[language];
  if (command === undefined) return html`<p class="wrong" role="alert">${text.preparing}</p>`;
  const way = startSteps(language, facts.start, command);
  if (!facts.hasJoined)
    return html`<h2>${text.startHeading}</h2>
      ${way}`;
  return html`<details>
    <summary>${text.startAgain}</summary>
    ${way}
  </details>`;
}

function startSteps(language: Language, start: string, command: string): Html {
  const text = portalTexts[language];
  const { allow, refuse } = text;
  return html`<ol class="steps">
      <li>
        <form method="post" action="/start/download">
          <button class="wide" type="submit">${text.download}</button>
        </form>
      </li>
      <li>${text.openTerminal}</li>
      <li>
        ${text.pasteIt}
        ${commandLine(language, { id: "start", label: text.startLine, line: start })}
        <p class="hint">${text.anyFolder}</p>
      </li>
    </ol>
    ${startPicture({ command: start, allow, refuse })}
    <details>
      <summary>${text.terminal}</summary>
      <p>${text.terminalLead}</p>
      ${commandLine(language, { id: "command", label: text.bothLine, line: command })}
    </details>`;
}

/**
 * A line for a terminal: never broken, for half a line would be run, and selected as a whole by one
 * click; with script there is a button that copies it, which the keyboard reaches first.
 */
function commandLine(
  language: Language,
  { id, label, line }: { id: string; label: string; line: string },
): Html {
  const { copy, copied, selected } = portalTexts[language];
  const said = `${id}-copied`;
  return html`<div class="copy">
      <button
        class="plain"
        type="button"
        hidden
        data-copy="${id}"
        data-copied="${copied}"
        data-selected="${selected}"
        aria-describedby="${said}"
      >
        ${copy}
      </button>
      <span id="${said}" role="status"></span>
    </div>
    <pre
      class="line"
      role="region"
      aria-label="${label}"
      tabindex="0"
    ><code id="${id}">${line}</code></pre>`;
}
