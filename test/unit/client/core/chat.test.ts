import { expect, it } from "vitest";
import { Chat } from "../../../../appliance/client/core/chat.ts";
import { ChatFileBook } from "../../../../appliance/client/core/chat-file/book.ts";
import { type Language, texts } from "../../../../appliance/client/core/texts.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { clockOf, WindowRecord } from "./edges.ts";

const away = () => Promise.reject(new Error("nothing is to be sent"));
const line = { send: away, offerFile: away, typing: () => undefined };

it.each([
  ["en", "Ann Archer has handed over to Bob Baker."],
  ["fr", "Ann Archer a passé la main à Bob Baker."],
] as const)("says in %s that another helps from now on, and calls nobody", (language, text) => {
  const window = new WindowRecord();
  chatIn(window, language).handedOver("Sample Site", { by: "Ann Archer", to: "Bob Baker" });
  expect(window.chat).toMatchObject([{ from: "Sample Site", text, mine: false, isDeed: true }]);
});

function chatIn(window: WindowRecord, language: Language): Chat {
  return new Chat({
    ...{ window, line, language, texts: texts[language], files: undefined },
    clock: clockOf(new FakeClock()),
    book: new ChatFileBook(),
  });
}
