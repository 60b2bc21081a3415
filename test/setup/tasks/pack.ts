import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../../support/root.ts";

/** Where the packed console's README is made. */
const readme = "dist/README.md";

/**
 * What `vsce` is to be called with to pack the console that was built last as `file`, with
 * `extension/README.md` as what VS Code shows of it.
 */
export async function packArguments(file: string): Promise<string[]> {
  await mkdir(path.dirname(file), { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
    repository: { url: string };
  };
  const text = await readFile(path.join(root, "extension/README.md"), "utf8");
  await writeFile(path.join(root, readme), packedReadme(text, manifest.repository.url));
  return [
    ...["package", "--no-dependencies", "--allow-missing-repository"],
    ...["--readme-path", readme, "--out", file],
  ];
}

/**
 * The console's README as it is packed. VS Code and its marketplace show pictures from `https:` alone,
 * neither from the package nor from `data:`, so they become links to the repository. While that has
 * no public address (`.invalid`, RFC 2606), they are left out: nobody is shown broken ones.
 */
export function packedReadme(text: string, repositoryUrl: string): string {
  const { host, href } = new URL(repositoryUrl);
  if (host.endsWith(".invalid")) return text.replace(/!\[[^\]]*\]\([^)]*\)\n\n?/g, "");
  return text.replaceAll("](../", `](${href.replace(/\.git$/, "")}/raw/HEAD/`);
}
