import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/root.ts";
import { type Import, importsOf, packageOf } from "./import-statements.ts";
import { rooms, shipped, sources, textOf } from "./sources.ts";

/** The doors of the package that all share: what concerns everyone, and the appliance's upkeep. */
const protocolDoors = ["@handrail/protocol", "@handrail/protocol/upkeep"] as const;

/** What a room may import from outside itself: packages of ours, and single files. */
const mayImport: Record<(typeof rooms)[number], readonly string[]> = {
  "appliance/protocol": [],
  "appliance/server": protocolDoors,
  "appliance/jumpoint": ["@handrail/protocol"],
  "appliance/client": ["@handrail/protocol"],
  media: protocolDoors,
  extension: ["@handrail/protocol", "media/pane/contract.ts"],
  // What it makes, the appliance takes: the two have one description of a release.
  packer: [
    ...["appliance/server/tar.ts", "appliance/server/update/manifest.ts"],
    "appliance/server/update/bundle.ts",
    "appliance/server/update/channel/release-index.ts",
  ],
};

/** The server's inner order: each row imports those below it, none beside or above it. */
const serverOrder = [
  ["main", "handrail"],
  ["serve"],
  ["appliance"],
  ["http"],
  ["portal", "login", "api"],
  ["syslog", "mail", "seed", "support"],
  ["certificate"],
  ["retention", "health"],
  ["page"],
  ["relay"],
  ["auth"],
  ["machine"],
  ["backup"],
  ["update"],
  ["line"],
  ["store"],
  ["config", "log", "clock", "refusal", "runtime", "program", "command-line", "tar", "version"],
];
/** The row of what everyone may import: its files may use one another. */
const ground = serverOrder.length - 1;

const imports = shipped.flatMap(importsOf);

test("there is something to look at", () => {
  expect(imports.length).toBeGreaterThan(0);
});

describe("an import", () => {
  test("of a path names an existing file with its extension", () => {
    const broken = sources
      .flatMap(importsOf)
      .filter(({ file }) => file !== undefined && !existsSync(path.join(root, file)));
    expect(shown(broken)).toEqual([]);
  });

  test("stays in its room, or goes where the table lets it", () => {
    const strays = imports.filter(({ from, file }) => {
      const room = roomOf(from);
      return file !== undefined && roomOf(file) !== room && !allowedFrom(room).includes(file);
    });
    expect(shown(strays)).toEqual([]);
  });

  test("of a package of ours is in the table, and goes through one of its doors", () => {
    const strays = imports.filter(
      ({ from, specifier }) =>
        specifier.startsWith("@handrail/") && !allowedFrom(roomOf(from)).includes(specifier),
    );
    expect(shown(strays)).toEqual([]);
  });

  test("never reaches past a door of a package of ours, from tests neither", () => {
    const doors: readonly string[] = protocolDoors;
    const deep = sources
      .flatMap(importsOf)
      .filter(
        ({ specifier }) => /^@handrail\/[^/]+\//.test(specifier) && !doors.includes(specifier),
      );
    expect(shown(deep)).toEqual([]);
  });

  test("of somebody else's package is declared by the room", () => {
    const undeclared = imports.filter(
      ({ from, specifier, file }) =>
        file === undefined &&
        !specifier.startsWith("node:") &&
        !declaredIn(manifestOf(from)).has(packageOf(specifier)),
    );
    expect(shown(undeclared)).toEqual([]);
  });

  test("inside the server goes down its order", () => {
    const upward = imports.filter(({ from, file }) => {
      const [here, there] = [serverRow(from), file === undefined ? undefined : serverRow(file)];
      if (!here || !there || here.name === there.name) return false;
      return here.row === ground ? there.row < ground : there.row <= here.row;
    });
    expect(shown(upward)).toEqual([]);
  });

  test("inside the server knows its place: every file and folder has a row", () => {
    const unplaced = shipped
      .filter(
        ({ path: file }) => roomOf(file) === "appliance/server" && serverRow(file) === undefined,
      )
      .map(({ path: file }) => file);
    expect(unplaced).toEqual([]);
  });
});

function shown(found: readonly Import[]): string[] {
  return found.map(({ place, specifier }) => `${place} imports ${specifier}`);
}

function roomOf(file: string): (typeof rooms)[number] | undefined {
  return rooms.find((room) => file.startsWith(`${room}/`));
}

function allowedFrom(room: (typeof rooms)[number] | undefined): readonly string[] {
  return room ? mayImport[room] : [];
}

function serverRow(file: string): { name: string; row: number } | undefined {
  const [, name] = /^appliance\/server\/([^/.]+)/.exec(file) ?? [];
  if (name === undefined) return undefined;
  const row = serverOrder.findIndex((names) => names.includes(name));
  return row === -1 ? undefined : { name, row };
}

// The extension's manifest is the root's; what builds runs with the root's tools.
function manifestOf(file: string): string {
  const room = roomOf(file);
  const isAtRoot =
    room === undefined || ["extension", "packer"].includes(room) || file.endsWith("/build.ts");
  return isAtRoot ? "package.json" : `${room}/package.json`;
}

function declaredIn(manifest: string): ReadonlySet<string> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(textOf(manifest)) as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  // The editor gives "vscode"; our own packages are the other tests' business.
  return new Set([...names, "vscode", "@handrail/protocol"]);
}
