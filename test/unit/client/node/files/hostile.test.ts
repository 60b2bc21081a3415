import {
  downloadConsoleMessage,
  downloadCustomerMessage,
  filesConsoleMessage,
  filesCustomerMessage,
} from "@handrail/protocol";
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { poll } from "../../../../support/poll.ts";
import { codeOf } from "../../../protocol/refusal.ts";
import { downloads, questions, Stand } from "./lane-record.ts";

const none = new Uint8Array(0);

/** Messages of a console, with a few bytes that are others. Nothing in them changes a disk. */
function messages(stand: Stand) {
  const path = stand.at("file");
  const wellFormed = [
    filesConsoleMessage.encode({ type: "stat", id: 1, path }),
    filesConsoleMessage.encode({ type: "list", id: 2, path: stand.at() }),
    filesConsoleMessage.encode({ type: "hash", id: 3, path }),
    filesConsoleMessage.encode({ type: "watch", id: 4, path: stand.at() }),
    filesConsoleMessage.encode({ type: "space", id: 5, path }),
    filesConsoleMessage.encode({ type: "cancel", id: 2 }),
    downloadConsoleMessage.encode({ type: "read", id: 6, path, offset: 3, version: none }),
    downloadConsoleMessage.encode({ type: "get", id: 7, folder: stand.at(), names: [path, none] }),
  ];
  const change = fc.record({ at: fc.nat(60), to: fc.nat(255) });
  return fc
    .tuple(fc.constantFrom(...wellFormed), fc.array(change, { maxLength: 4 }), fc.nat(3))
    .map(([message, changes, cut]) => {
      const bytes = message.slice(0, cut === 0 ? Math.floor(message.length / 2) : message.length);
      for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
      return bytes;
    });
}

it("whatever a console says is answered, or ends its channel with a code of the catalogue", async () => {
  await using stand = await Stand.make();
  writeFileSync(stand.at("file"), "content");
  const codes = new Set<string>();
  fc.assert(
    fc.property(fc.array(messages(stand), { maxLength: 20 }), (said) => {
      using asked = questions(stand);
      using wanted = downloads(stand);
      for (const bytes of said) {
        for (const { work } of [asked, wanted]) codes.add(codeOf(() => work.take(bytes)) ?? "");
      }
    }),
    { numRuns: 300 },
  );
  expect(codes).toContain("protocol-violation");
  const known = ["", "conflict", "frame-too-large", "protocol-violation"];
  expect([...codes].filter((code) => !known.includes(code))).toEqual([]);
  using talk = questions(stand);
  expect(await talk.ask({ type: "stat", id: 1, path: stand.at("file") })).toMatchObject({
    kind: "file",
  });
});

it("answers what is damaged and can be read all the same, each in the words of its channel", async () => {
  await using stand = await Stand.make();
  writeFileSync(stand.at("file"), "content");
  for (const said of fc.sample(messages(stand), 60)) {
    using asked = questions(stand);
    using wanted = downloads(stand);
    for (const talk of [asked, wanted]) {
      try {
        talk.work.take(said);
      } catch {
        // It was no message; the test before this one looks at why.
        continue;
      }
      const isCancel = said[0] === (talk === asked ? 8 : 3);
      if (!isCancel) await poll("there is an answer", () => talk.lane.sent.length > 0);
      for (const bytes of asked.lane.sent) filesCustomerMessage.decode(bytes);
      for (const bytes of wanted.lane.sent) downloadCustomerMessage.decode(bytes);
    }
  }
});
