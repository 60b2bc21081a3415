import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { commandIds } from "../../../extension/command-ids.ts";
import { root } from "../../support/root.ts";

interface Manifest {
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    keybindings: { command: string; key: string; when?: string }[];
    configuration: { properties: Record<string, unknown> };
    views: Record<string, { id: string; when?: string }[]>;
  };
}

const manifestText = readFileSync(path.join(root, "package.json"), "utf8");
const { contributes } = JSON.parse(manifestText) as Manifest;
const source = sourcesOf("extension").join("\n");

function sourcesOf(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(path.join(root, folder, name), "utf8"));
}

function texts(file: string): Record<string, string> {
  return JSON.parse(readFileSync(path.join(root, "extension", file), "utf8")) as Record<
    string,
    string
  >;
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\d\}/g)].map(([found]) => found).sort();
}

/** Every text that is handed to `l10n.t` as it stands in the source. */
function spokenTexts(): string[] {
  return [...source.matchAll(/l10n\.t\(\s*("(?:[^"\\]|\\.)*")/g)].map(
    ([, literal]) => JSON.parse(literal ?? '""') as string,
  );
}

describe("commands", () => {
  it("are the same in the manifest and in the table", () => {
    const declared = contributes.commands.map(({ command }) => command);
    expect(declared.toSorted()).toEqual([...commandIds].sort());
  });

  it("all stand in one category", () => {
    for (const { category } of contributes.commands) expect(category).toBe("Handrail");
  });

  it("of menus and key bindings exist", () => {
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    for (const { command } of used) expect(commandIds).toContain(command);
  });

  it("say for each when the palette shows it, except for those that always help", () => {
    const listed = contributes.menus["commandPalette"]?.map(({ command }) => command) ?? [];
    const always: readonly string[] = ["handrail.showLog", "handrail.showStartTimes"];
    const expected = commandIds.filter((id) => !always.includes(id));
    expect(listed.toSorted()).toEqual([...expected].sort());
  });
});

describe("key bindings", () => {
  it("never fire while the keyboard belongs to the customer's computer", () => {
    for (const { key, when } of contributes.keybindings) {
      expect(when, key).toMatch(/!handrail\.keyboardGrabbed|handrail\.recordingFocused/);
    }
  });
});

describe("context keys", () => {
  it("that the manifest asks about are those that the console sets", () => {
    const ours = /\bhandrail\.[a-zA-Z]+\b(?!\.)/g;
    const asks = /"(?:when": "|onContext:)([^"]*)"/g;
    const conditions = [...manifestText.matchAll(asks)].map(([, text]) => text);
    const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    const panels = /activeWebviewPanelId == handrail\.[a-zA-Z]+/g;
    const asked = conditions.flatMap((text) => text?.replace(panels, "").match(ours) ?? []);
    const keys = [...new Set(asked)].filter((key) => !views.includes(key));
    const set = [...source.matchAll(/setContext\(\s*"(handrail\.[a-zA-Z]+)"/g)].map(([, k]) => k);
    expect(keys.sort()).toEqual([...new Set(set)].sort());
  });
});

describe("settings", () => {
  it("of the manifest are read, and no others", () => {
    const read = [...source.matchAll(/read(?:<[^>]*>)?\("([^"]+)"/g)].map(([, name]) => name);
    const declared = Object.keys(contributes.configuration.properties);
    expect(declared.toSorted()).toEqual(read.map((name) => `handrail.${name}`).toSorted());
  });
});

describe("texts", () => {
  it("of the manifest are there in English and French, and no others", () => {
    const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, name]) => name);
    const wanted = [...new Set(used)].sort();
    expect(Object.keys(texts("package.nls.json")).sort()).toEqual(wanted);
    expect(Object.keys(texts("package.nls.fr.json")).sort()).toEqual(wanted);
  });

  it("of the walkthrough have short lines: VS Code cuts off longer ones in a narrow window", () => {
    for (const file of ["package.nls.json", "package.nls.fr.json"]) {
      const steps = Object.entries(texts(file)).filter(([name]) =>
        /^walkthrough\.\w+\.description$/.test(name),
      );
      expect(steps.length).toBeGreaterThan(0);
      const lines = steps.flatMap(([, text]) => text.split("\n"));
      const long = lines.filter((line) => !line.startsWith("[") && line.length > 38);
      expect(long, file).toEqual([]);
    }
  });

  it("of the source are all literals, so that they can be translated", () => {
    const calls = source.match(/l10n\.t\(/g)?.length ?? 0;
    expect(spokenTexts()).toHaveLength(calls);
  });

  it("of the source have a French translation with the same places for values", () => {
    const french = texts("l10n/bundle.l10n.fr.json");
    expect(Object.keys(french).sort()).toEqual([...new Set(spokenTexts())].sort());
    for (const [english, translation] of Object.entries(french)) {
      expect(placeholders(translation), english).toEqual(placeholders(english));
    }
  });
});
