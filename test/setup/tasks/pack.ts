import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../../support/root.ts";

/** Where a picture of the console's README is, as the README names it. */
const picture = /\]\((\.\.\/media\/pictures\/[\w-]+\.png)\)/g;

/**
 * What `vsce` is to be called with to pack the console that was built last as `file`, with
 * `extension/README.md` as what VS Code shows of it.
 *
 * VS Code shows pictures from `https:` and `data:` alone. Once the project has a public address, the
 * manifest names it (`"vsce": {"baseImagesUrl": "https://…/raw/HEAD/extension"}`), and pictures are
 * links below it; until then they are inside.
 */
export async function packArguments(file: string): Promise<string[]> {
  await mkdir(path.dirname(file), { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
    vsce?: { baseImagesUrl?: string };
  };
  const common = ["package", "--no-dependencies", "--allow-missing-repository", "--out", file];
  if (manifest.vsce?.baseImagesUrl !== undefined) {
    return [...common, "--readme-path", "extension/README.md"];
  }
  const text = await readFile(path.join(root, "extension/README.md"), "utf8");
  const readme = "dist/README.md";
  await writeFile(path.join(root, readme), await withPictures(text));
  return [...common, "--readme-path", readme, "--no-rewrite-relative-links"];
}

/** The README with its pictures in it. */
export async function withPictures(readme: string): Promise<string> {
  const names = [...readme.matchAll(picture)].map(([, name = ""]) => name);
  const inside = new Map<string, string>();
  for (const name of names) {
    const bytes = await readFile(path.join(root, "extension", name));
    inside.set(name, `data:image/png;base64,${bytes.toString("base64")}`);
  }
  return readme.replace(picture, (_, name: string) => `](${inside.get(name) ?? name})`);
}
