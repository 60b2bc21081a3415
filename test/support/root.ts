import path from "node:path";

/** The project's top folder, absolute. */
export const root = path.resolve(import.meta.dirname, "../..");

/** The Node that the appliance runs on: not always the one that the tests run on. */
export const node = path.join(root, "node_modules/.bin/node");
