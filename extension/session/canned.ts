import type { CannedMessage, PersonLanguage } from "@handrail/protocol";

/** Canned messages as somebody who helps a customer of that language looks for them. */
export interface ByLanguage {
  /** In the customer's language, and what is written for every one. */
  readonly fitting: readonly CannedMessage[];
  readonly others: readonly CannedMessage[];
}

/** Sorts messages; where the customer's language is not known, all of them fit. */
export function byLanguage(
  messages: readonly CannedMessage[],
  language: PersonLanguage | undefined,
): ByLanguage {
  const fits = (message: CannedMessage) =>
    message.language === undefined || language === undefined || message.language === language;
  return { fitting: messages.filter(fits), others: messages.filter((each) => !fits(each)) };
}
