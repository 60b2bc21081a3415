import type { BrowserSession } from "../auth/browser-session.ts";
import { html, type Html } from "../page/html.ts";
import type { Language } from "../page/language.ts";
import { renderPage } from "../page/layout.ts";
import { signInTexts } from "./text.ts";

/** What every page of a sign-in is made for. */
export interface SignInPage {
  readonly language: Language;
  readonly siteName: string;
  /** The form's address, which is also the page's. */
  readonly path: "/oauth/authorize" | "/device";
  /** What the form carries along. */
  readonly hidden: Readonly<Record<string, string>>;
  /** What went wrong just before. */
  readonly problem?: string | undefined;
}

/** Name and password. */
export function passwordPage(page: SignInPage, name = ""): string {
  const text = signInTexts[page.language];
  const invalid =
    page.problem !== undefined && html`aria-invalid="true" aria-describedby="problem"`;
  return render(page, text.heading, [
    html`<p class="lead">${text.lead}</p>
      <form method="post" action="${page.path}">
        ${hiddenFields({ ...page.hidden, step: "password" })} ${problem(page)}
        <div class="field">
          <label for="name">${text.name}</label>
          <input
            type="text"
            id="name"
            name="name"
            value="${name}"
            autocomplete="username"
            autocapitalize="off"
            spellcheck="false"
            maxlength="100"
            required
            ${name === "" && html`autofocus`}
            ${invalid}
          />
        </div>
        <div class="field">
          <label for="password">${text.password}</label>
          <input
            type="password"
            id="password"
            name="password"
            autocomplete="current-password"
            maxlength="256"
            required
            ${name !== "" && html`autofocus`}
            ${invalid}
          />
        </div>
        <button class="wide" type="submit">${text.signIn}</button>
      </form>`,
  ]);
}

/** Somebody is signed in already: goes on as that, or as another. */
export function confirmPage(page: SignInPage, session: BrowserSession): string {
  const text = signInTexts[page.language];
  return render(page, text.confirm(session.account.displayName), [
    html`<p class="lead">${text.confirmLead}</p>
      ${problem(page)}
      <form method="post" action="${page.path}">
        ${hiddenFields({ ...page.hidden, csrf: session.csrf })}
        <div class="actions">
          <button type="submit" name="step" value="confirm">${text.go}</button>
          <button class="plain" type="submit" name="step" value="other">${text.other}</button>
        </div>
      </form>`,
  ]);
}

/** The browser hands over to the editor; the link is for those where that does not happen. */
export function donePage(page: SignInPage, target: string): string {
  const text = signInTexts[page.language];
  return render(
    page,
    text.done,
    [
      html`<p class="lead">${text.doneLead}</p>
        <p><a class="button" href="${target}">${text.open}</a></p>`,
    ],
    html`<meta http-equiv="refresh" content="0; url=${target}" />`,
  );
}

/** The console's request is not one that can be answered by a redirect. */
export function badRequestPage(page: SignInPage): string {
  const text = signInTexts[page.language];
  return render(page, text.badRequest, [html`<p class="lead">${text.badRequestLead}</p>`]);
}

/** Asks for the code that a console shows. */
export function devicePage(page: SignInPage, session: BrowserSession): string {
  const text = signInTexts[page.language];
  const isWrong = page.problem !== undefined;
  const invalid = html`aria-invalid="true" aria-describedby="problem code-hint"`;
  return render(page, text.deviceHeading, [
    html`<p class="lead">${text.deviceLead}</p>
      <form method="post" action="${page.path}">
        ${hiddenFields({ csrf: session.csrf })} ${problem(page)}
        <div class="field">
          <label for="user-code">${text.code}</label>
          <input
            class="key"
            type="text"
            id="user-code"
            name="user_code"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            maxlength="32"
            required
            autofocus
            ${isWrong ? invalid : html`aria-describedby="code-hint"`}
          />
          <p class="hint" id="code-hint">${text.codeHint}</p>
        </div>
        <button class="wide" type="submit" name="step" value="code">${text.go}</button>
      </form>`,
  ]);
}

/** Asks whether the console with that code may work with the account. */
export function deviceConfirmPage(
  page: SignInPage,
  session: BrowserSession,
  userCode: string,
): string {
  const text = signInTexts[page.language];
  return render(page, text.deviceConfirm, [
    html`<p class="big-code">${userCode}</p>
      <p class="lead">${text.deviceConfirmLead(session.account.displayName)}</p>
      <form method="post" action="${page.path}">
        ${hiddenFields({ csrf: session.csrf, user_code: userCode })}
        <div class="actions">
          <button type="submit" name="step" value="allow">${text.allow}</button>
          <button class="plain" type="submit" name="step" value="refuse">${text.refuse}</button>
        </div>
      </form>`,
  ]);
}

/** What became of the console's request. */
export function deviceDonePage(page: SignInPage, isAllowed: boolean): string {
  const text = signInTexts[page.language];
  return render(page, isAllowed ? text.allowed : text.refused, [
    html`<p class="lead">${isAllowed ? text.allowedLead : text.refusedLead}</p>`,
  ]);
}

/** A page of a sign-in around its content. */
export function render(
  page: SignInPage,
  heading: string,
  content: readonly Html[],
  head?: Html,
): string {
  const text = signInTexts[page.language];
  return renderPage({
    language: page.language,
    siteName: page.siteName,
    title: page.problem === undefined ? heading : `${page.problem} ${text.title}`,
    path: page.path,
    query: page.hidden,
    head,
    content: html`<div class="card">
      <h1>${heading}</h1>
      ${content}
    </div>`,
  });
}

/** What went wrong just before, read out at once. */
export function problem(page: SignInPage): Html | undefined {
  if (page.problem === undefined) return undefined;
  return html`<p class="wrong" id="problem" role="alert">${page.problem}</p>`;
}

/** What a form carries along. */
export function hiddenFields(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}
