import type { SignInStep } from "../auth/sign-in-tickets.ts";
import { html } from "../page/html.ts";
import { hiddenFields, problem, render, type SignInPage } from "./sign-in-pages.ts";
import { signInTexts } from "./text.ts";

/** What is asked of somebody whose password was right. */
export function secondStepPage(page: SignInPage, step: SignInStep): string {
  return step === "code" ? factorPage(page) : setUpFirstPage(page);
}

/** Asks for a code of the second factor, or a recovery code. */
function factorPage(page: SignInPage): string {
  const text = signInTexts[page.language];
  const isWrong = page.problem !== undefined;
  const invalid = html`aria-invalid="true" aria-describedby="problem factor-hint"`;
  return render(page, text.factorHeading, [
    html`<p class="lead">${text.factorLead}</p>
      <form method="post" action="${page.path}">
        ${hiddenFields(page.hidden)} ${problem(page)}
        <div class="field">
          <label for="factor">${text.factorCode}</label>
          <input
            class="key"
            type="text"
            id="factor"
            name="factor"
            autocomplete="one-time-code"
            autocapitalize="characters"
            spellcheck="false"
            maxlength="32"
            required
            autofocus
            ${isWrong ? invalid : html`aria-describedby="factor-hint"`}
          />
          <p class="hint" id="factor-hint">${text.factorHint}</p>
        </div>
        <div class="actions">
          <button type="submit" name="step" value="factor">${text.go}</button>
          <button class="plain" type="submit" name="step" value="other" formnovalidate>
            ${text.other}
          </button>
        </div>
      </form>`,
  ]);
}

/** The site asks for a second factor that the account lacks: it is set up at /login. */
function setUpFirstPage(page: SignInPage): string {
  const text = signInTexts[page.language];
  return render(page, text.setUpHeading, [
    html`<p class="lead">${text.setUpLead}</p>
      ${problem(page)}
      <p><a class="button" href="/login" target="_blank" rel="noopener">${text.setUpOpen}</a></p>
      <form method="get" action="${page.path}">
        ${hiddenFields(page.hidden)}
        <button class="plain" type="submit">${text.setUpGo}</button>
      </form>`,
  ]);
}
