import { mkdir } from "node:fs/promises";
import path from "node:path";
import { root } from "./root.ts";

/** The path of a file that a test leaves for people to look at, as `3-screen-pane.png`. */
export async function artifact(name: string): Promise<string> {
  const file = path.join(root, "test/artifacts", name);
  await mkdir(path.dirname(file), { recursive: true });
  return file;
}
