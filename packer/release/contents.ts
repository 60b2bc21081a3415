import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { javaScriptPath, toJavaScript } from "./javascript.ts";
import { productionPackages } from "./production-packages.ts";
import { readJson } from "./read-json.ts";

/**
 * What belongs into a release, and from where in the checkout it comes: the server's program and
 * the contract as JavaScript; the pages and the customer client as they were built; the packages
 * that the server needs; Node itself.
 */
export type Content =
  | { readonly path: string; readonly file: string; readonly isProgram: boolean }
  | { readonly path: string; readonly text: string; readonly isProgram: boolean }
  | { readonly path: string; readonly link: string };

const server = "appliance/server";
/** Folders that are taken as a whole, their modules as JavaScript. */
const ours = [server, "appliance/protocol"];
const built = ["dist/client/linux-x64", "dist/media/login"];
const serverManifest = `${server}/package.json`;
const isManifest = /\/package\.json$/;
/** What nobody reads on an appliance. */
const needless = /(^|\/)(README\.md|tsconfig\.json|platform\.d\.ts)$/;
/** In packages of others, what node-gyp compiles, or has compiled, where they are installed. */
const compiled = /(^|\/)(build|src|binding\.gyp)$/;
/** In packages of others: declarations, sources of what was built, and words for developers. */
const needlessThere =
  /(\.(ts|mts|cts|map|flow|md|markdown|c|h|exe|bat)|(^|\/)(\.[^/]*|test|tests|benchmarks?|docs|examples?))$/i;

/**
 * Everything that a release of this checkout holds, in the order of its paths.
 * @param version what the release calls itself; as the server's package says when absent
 * @throws Error when something has not been installed or built
 */
export function contentsOf(root: string, version?: string): Content[] {
  const contents = [
    ...ours.flatMap((folder) => ourFiles(root, folder, version)),
    ...built.flatMap((folder) => builtFiles(root, folder)),
    ...packageFiles(root),
    program("node/bin/node", path.join(root, "node_modules/node/bin/node")),
    file("LICENSE", path.join(root, "LICENSE")),
  ];
  return contents.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The version that the server's package has. */
export function versionOf(root: string): string {
  return readJson<{ version: string }>(path.join(root, serverManifest)).version;
}

function ourFiles(root: string, folder: string, version: string | undefined): Content[] {
  return filesUnder(root, folder, (name) => needless.test(name)).map((place) => {
    const from = path.join(root, place);
    if (isManifest.test(place)) {
      return text(place, manifestText(from, place === serverManifest ? version : undefined));
    }
    return place.endsWith(".ts")
      ? text(javaScriptPath(place), toJavaScript(readFileSync(from, "utf8"), place))
      : file(place, from);
  });
}

/** A package of ours leads to what a release holds of it. */
function manifestText(from: string, version: string | undefined): string {
  const manifest = readJson<object>(from, (_, value: unknown) =>
    typeof value === "string" && value.startsWith("./") ? javaScriptPath(value) : value,
  );
  return `${JSON.stringify(version === undefined ? manifest : { ...manifest, version }, null, 2)}\n`;
}

function builtFiles(root: string, folder: string): Content[] {
  if (!existsSync(path.join(root, folder))) {
    throw new Error(`${folder} is not built: run media/build.ts and appliance/client/build.ts`);
  }
  return filesUnder(root, folder).map((place) => file(place, path.join(root, place)));
}

function packageFiles(root: string): Content[] {
  const { packages, links } = productionPackages(root, server);
  const isCompiled = (name: string) =>
    compiled.test(name) && existsSync(path.join(root, path.dirname(name), "binding.gyp"));
  const skip = (name: string) =>
    name.endsWith("/node_modules") || needlessThere.test(name) || isCompiled(name);
  return [
    ...packages
      .flatMap(({ place }) => filesUnder(root, place, skip))
      .map((place) => file(place, path.join(root, place))),
    ...links.map(({ place, leadsTo }) => ({
      path: place,
      link: path.posix.relative(path.posix.dirname(place), leadsTo),
    })),
  ];
}

function filesUnder(
  root: string,
  folder: string,
  skip: (place: string) => boolean = () => false,
): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const place = `${folder}/${entry.name}`;
    if (skip(place)) return [];
    if (entry.isDirectory()) return filesUnder(root, place, skip);
    return entry.isFile() ? [place] : [];
  });
}

const text = (place: string, content: string) => ({
  path: place,
  text: content,
  isProgram: false,
});
const file = (place: string, from: string) => ({ path: place, file: from, isProgram: false });
const program = (place: string, from: string) => ({ path: place, file: from, isProgram: true });
