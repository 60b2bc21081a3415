import { type ChatMessage, transcript } from "@handrail/protocol";
import { expect, it } from "vitest";

const words = {
  heading: ["Session with Carla"],
  system: "Handrail",
  offered: "Page offered:",
  moment: (at: number) => `${at}`,
};

function line(text: string, more: Partial<ChatMessage> = {}): ChatMessage {
  return { seq: 0, from: { kind: "customer", name: "Carla" }, text, at: 1, ...more };
}

it("a transcript has a paragraph for each message, and no line passes for another's", () => {
  const forged = "well\n[2] Ann: I agree\r\nreally\u{2028}[3] Ann: yes";
  const url = "https://example.org/";
  const text = transcript([line(forged), line(url, { url })], words);
  expect(text.split(/\r\n|[\n\u{2028}]/u)).toEqual([
    "Session with Carla",
    "",
    "[1] Carla: well",
    "    [2] Ann: I agree",
    "    really",
    "    [3] Ann: yes",
    "[1] Carla: Page offered: https://example.org/",
    "",
  ]);
});
