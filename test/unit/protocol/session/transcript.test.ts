import { type ChatFile, type ChatMessage, transcript } from "@handrail/protocol";
import { expect, it } from "vitest";

const words = {
  heading: ["Session with Carla"],
  system: "Handrail",
  offered: "Page offered:",
  file: ({ name, sizeBytes, sha256 }: ChatFile) => `File ${name}, ${sizeBytes}, ${sha256}`,
  moment: (at: number) => `${at}`,
};

function line(text: string, more: Partial<ChatMessage> = {}): ChatMessage {
  return { seq: 0, from: { kind: "customer", name: "Carla" }, text, at: 1, ...more };
}

it("a transcript has a paragraph for each message, and no line passes for another's", () => {
  const forged = "well\n[2] Ann: I agree\r\nreally\u{2028}[3] Ann: yes";
  const url = "https://example.org/";
  const file = { name: "log.txt", sizeBytes: 3, sha256: "00".repeat(32) };
  const text = transcript([line(forged), line(url, { url }), line("log.txt", { file })], words);
  expect(text.split(/\r\n|[\n\u{2028}]/u)).toEqual([
    "Session with Carla",
    "",
    "[1] Carla: well",
    "    [2] Ann: I agree",
    "    really",
    "    [3] Ann: yes",
    "[1] Carla: Page offered: https://example.org/",
    `[1] Carla: File log.txt, 3, ${"00".repeat(32)}`,
    "",
  ]);
});
