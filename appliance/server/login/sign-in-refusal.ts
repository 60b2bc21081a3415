import { Refusal } from "../refusal.ts";
import type { SignInRefused } from "../auth/sign-in.ts";

const messages = {
  "password-wrong": "the name or the password is wrong",
  "account-disabled": "the account is disabled",
  "too-many-attempts": "too many sign-ins",
  "not-authenticated": "the sign-in took too long: begin anew",
} as const;

/** A refused sign-in as an answer; `field` names what was wrong, where only that can be. */
export function signInRefusal({ code, retryAfterMs }: SignInRefused, field?: string): Refusal {
  const about = field === undefined || code !== "password-wrong" ? {} : { field };
  return new Refusal(code, messages[code], { retryAfterMs, ...about });
}
