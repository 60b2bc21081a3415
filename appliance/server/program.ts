import path from "node:path";

/**
 * The file of a program that stands beside a module and runs in a thread or process of its own:
 * TypeScript in a checkout, JavaScript in a release.
 * @param name without its extension
 */
export function programBeside(meta: ImportMeta, name: string): string {
  return path.join(meta.dirname, name + path.extname(meta.filename));
}
