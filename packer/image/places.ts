import path from "node:path";

/** The project's top folder. */
export const root = path.resolve(import.meta.dirname, "../..");
/** The room that the image is built in. */
export const room = path.join(root, "packer");
/** Everything that is made; nothing of it is kept in the repository. */
export const built = path.join(room, "dist");

/** A place in the folder of what is made. */
export function inBuilt(name: string): string {
  return path.join(built, name);
}
