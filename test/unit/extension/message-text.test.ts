import { expect, it } from "vitest";
import { messageText } from "../../../extension/message-text.ts";

/** What VS Code takes for a link in a message. Source: vs/base/common/linkedText.ts. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

it.each([
  "[Carla](command:workbench.action.terminal.new)",
  "[Carla](COMMAND:workbench.action.quit) · [pc](file:///etc/passwd)",
  "[[Carla](https://evil.example)",
  "[Carla](https://evil.example 'Accept')",
])("makes no link of %s", (text) => {
  expect(text).toMatch(link);
  expect(messageText(text)).not.toMatch(link);
});

it("leaves other texts as they are", () => {
  expect(messageText("Carla (LOKI) [2]")).toBe("Carla (LOKI) [2]");
});
