import { expect, it } from "vitest";
import { byLanguage } from "../../../../extension/session/canned.ts";

const message = (title: string, language?: "en" | "fr") => ({
  ...{ id: "c0".repeat(16), title, text: title },
  ...(language && { language }),
});
const messages = [message("Hello", "en"), message("12345"), message("Bonjour", "fr")];
const titles = (found: readonly { title: string }[]) => found.map(({ title }) => title);

it("puts canned messages in the customer's language, and those of every one, before others", () => {
  const { fitting, others } = byLanguage(messages, "fr");
  expect(titles(fitting)).toEqual(["12345", "Bonjour"]);
  expect(titles(others)).toEqual(["Hello"]);
});

it("takes all of them where the customer's language is not known", () => {
  expect(byLanguage(messages, undefined)).toEqual({ fitting: messages, others: [] });
});
