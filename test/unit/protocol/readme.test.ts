import {
  channelClasses,
  channelKinds,
  encodeText,
  errorCatalogue,
  frameTypes,
  isCounted,
  recordKinds,
} from "@handrail/protocol";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../support/root.ts";
import { formats } from "../../wire/formats.ts";
import { readVectors } from "../../wire/vector.ts";

const file = path.join(root, "appliance/protocol/README.md");
const tables = readTables(await readFile(file, "utf8"));
const vectors = await readVectors();
/** In the order of their tables. */
const messageFormats = [
  ...["surface", "viewer", "input", "shell, from console", "shell, from customer"],
  ...["files, from console", "files, from customer"],
  ...["download, from console", "download, from customer"],
  ...["files-write, from console", "files-write, from customer"],
  ...["elevate, from console", "elevate, from customer"],
  ...["script, from console", "script, from customer"],
  ...["clipboard, sent", "clipboard, sent, answers", "clipboard, got, wishes", "clipboard, got"],
  ...["draw", "file of the chat"],
];

describe("the tables of the README say what the code says", () => {
  it("frame types", () => {
    expect(rowsUnder("type", ["type", "number", "counted"])).toEqual(
      Object.entries(frameTypes).map(([name, type]) => {
        const counted = isCounted({ type, channel: 0, payload: encodeText("") });
        return [name, String(type), counted ? "yes" : "no"];
      }),
    );
  });

  it("kinds of channel", () => {
    expect(rowsUnder("kind", ["kind", "class", "largest message"])).toEqual(
      Object.entries(channelKinds).map(([name, kind]) => [
        ...[name, String(kind.class), String(kind.maxMessageBytes)],
      ]),
    );
  });

  it("classes of channel", () => {
    expect(rowsUnder("class", ["class", "number"])).toEqual(
      Object.entries(channelClasses).map(([name, number]) => [name, String(number)]),
    );
  });

  it.each(messageFormats)("tags and fields of %s messages", (format) => {
    expect(messageRows(format)).toEqual(
      (formats[format]?.types ?? []).map((type) => {
        const { tag, fields } = vectorOf(format, type);
        return [type, String(tag), fields];
      }),
    );
  });

  it("kinds of record", () => {
    const table = tables.filter(([head]) => head?.[0] === "kind" && head.length === 3)[0] ?? [];
    expect(table.slice(1).map(([name, number]) => [name, Number(number)])).toEqual(
      Object.entries(recordKinds),
    );
  });

  it("errors", () => {
    expect(rowsUnder("code", ["code", "number", "status", "close", "retry", "shown to"])).toEqual(
      Object.entries(errorCatalogue).map(([code, entry]) => [
        ...[`\`${code}\``, String(entry.wire), String(entry.status), String(entry.close)],
        ...[entry.retry ? "yes" : "no", entry.shownTo],
      ]),
    );
  });
});

/** The named columns of the first table whose first column is so called. */
function rowsUnder(first: string, columns: readonly string[]): string[][] {
  const table = tables.find(([head]) => head?.[0] === first);
  const [head = [], ...rows] = table ?? [];
  return rows.map((row) => columns.map((column) => row[head.indexOf(column)] ?? ""));
}

/** Tables of messages have the same head: they stand in the order of the formats. */
function messageRows(format: string): string[][] {
  const ofMessages = tables.filter(([head]) => head?.[0] === "message");
  const table = ofMessages[messageFormats.indexOf(format)];
  return (table ?? [])
    .slice(1)
    .map(([name = "", tag = "", fields = ""]) => [
      ...[
        name,
        tag,
        fields === "nothing"
          ? ""
          : fields.replace(/ (u8|u16|u32|i16|flag|text|list|blob|varint|rest)\b/g, ""),
      ],
    ]);
}

/** What the golden vector of a type knows: its first byte, and its fields in their order. */
function vectorOf(format: string, type: string): { tag: number | undefined; fields: string } {
  const vector = vectors.find((v) => v.format === format && isOfType(v.value, type));
  const names = Object.keys(vector?.value ?? {}).filter((name) => name !== "type");
  return { tag: vector?.lines?.[0]?.[0], fields: names.join(", ") };
}

function isOfType(value: unknown, type: string): boolean {
  return typeof value === "object" && value !== null && "type" in value && value.type === type;
}

/** Every table as rows of cells, the head first. */
function readTables(markdown: string): string[][][] {
  const found: string[][][] = [];
  let isInTable = false;
  for (const line of markdown.split("\n")) {
    if (!line.startsWith("|")) {
      isInTable = false;
      continue;
    }
    if (!isInTable) found.push([]);
    isInTable = true;
    const cells = line.split("|").slice(1, -1);
    if (!/^[|\s-]+$/.test(line)) found.at(-1)?.push(cells.map((cell) => cell.trim()));
  }
  return found;
}
