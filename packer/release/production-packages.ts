import { existsSync } from "node:fs";
import path from "node:path";
import { readJson } from "./read-json.ts";

/**
 * The npm packages that a workspace needs to run, as package-lock.json has them and as they lie in
 * node_modules: nothing is fetched. Optional packages for other systems are not there, and left out;
 * so are optional ones that are compiled where they are installed, for no two machines make the same.
 */
interface LockEntry {
  readonly version?: string;
  /** Of a package of ours: where the link in node_modules leads. */
  readonly resolved?: string;
  readonly link?: boolean;
  /** Something is made at its installation, as a program out of C++. */
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}
type Lock = Readonly<Record<string, LockEntry>>;

/** What a workspace needs. Places are relative to the checkout, as "node_modules/zod". */
export interface ProductionPackages {
  readonly packages: readonly { readonly place: string; readonly version: string }[];
  /** Links of node_modules to packages of ours. */
  readonly links: readonly { readonly place: string; readonly leadsTo: string }[];
}

/**
 * Follows the dependencies of a workspace.
 * @throws Error when one that must be there is not, or is of another version than the lock says
 */
export function productionPackages(root: string, workspace: string): ProductionPackages {
  const { packages: lock } = readJson<{ packages: Lock }>(path.join(root, "package-lock.json"));
  const found = new Set<string>();
  const waiting = [workspace];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (found.has(place)) continue;
    const entry = entryOf(lock, place);
    if (!existsSync(path.join(root, place))) continue;
    found.add(place);
    waiting.push(...(entry.link === true ? [entry.resolved ?? ""] : neededBy(lock, place)));
  }
  const places = [...found].filter((place) => place.startsWith("node_modules/")).toSorted();
  const isLink = (place: string) => entryOf(lock, place).link === true;
  return {
    packages: places.filter((place) => !isLink(place)).map((place) => present(root, lock, place)),
    links: places
      .filter(isLink)
      .map((place) => ({ place, leadsTo: entryOf(lock, place).resolved ?? "" })),
  };
}

function neededBy(lock: Lock, place: string): string[] {
  const entry = entryOf(lock, place);
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = entry;
  const isOptional = (name: string) =>
    name in optionalDependencies || entry.peerDependenciesMeta?.[name]?.optional === true;
  const names = [dependencies, optionalDependencies, peerDependencies].flatMap((each) =>
    Object.keys(each),
  );
  return [...new Set(names)].flatMap((name) => {
    const where = resolve(lock, place, name);
    const isMade = name in optionalDependencies && where && lock[where]?.hasInstallScript;
    if (isMade === true) return [];
    if (where !== undefined) return [where];
    if (isOptional(name)) return [];
    throw new Error(`${place} needs ${name}, which is not in package-lock.json`);
  });
}

/** Where Node finds a package, seen from another: in the nearest node_modules above it. */
function resolve(lock: Lock, from: string, name: string): string | undefined {
  const parts = from.split("/");
  for (let depth = parts.length; depth >= 0; depth--) {
    const place = [...parts.slice(0, depth), "node_modules", name].join("/");
    if (lock[place]) return place;
  }
  return undefined;
}

function present(root: string, lock: Lock, place: string): { place: string; version: string } {
  const wanted = entryOf(lock, place).version ?? "";
  const file = path.join(root, place, "package.json");
  const { version } = readJson<{ version: string }>(file);
  if (version === wanted) return { place, version };
  throw new Error(`${place} is ${version}, and package-lock.json says ${wanted}: run npm ci`);
}

function entryOf(lock: Lock, place: string): LockEntry {
  const entry = lock[place];
  if (!entry) throw new Error(`${place} is not in package-lock.json: run npm install`);
  return entry;
}
