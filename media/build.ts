// Bundles everything that runs in a page into dist/media and prints what it weighs.
// Panes are scripts of their own, without imports, because a webview loads them by one address
// each; the administration pages get names with hashes, to be cached for ever.

import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build, type BuildOptions, type Metafile } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
const out = path.join(root, "dist/media");
const loginPath = "/login/";

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: "es2022",
  charset: "utf8",
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
} as const satisfies BuildOptions;

async function buildPanes(): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    entryPoints: {
      "pane/session": "media/pane/session.ts",
      "pane/player": "media/pane/player.ts",
      "pane/shell-player": "media/pane/shell-player.ts",
    },
    format: "iife",
    outdir: out,
  });
  return metafile;
}

async function buildLogin(): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    entryPoints: ["media/login/main.tsx"],
    format: "esm",
    splitting: true,
    outdir: path.join(out, "login"),
    publicPath: loginPath,
    entryNames: "assets/[name]-[hash]",
    chunkNames: "assets/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    loader: { ".svg": "file", ".woff2": "file" },
  });
  await writeLoginPage(metafile);
  return metafile;
}

/** Puts the hashed names into the page, in place of the script that its source names. */
async function writeLoginPage(metafile: Metafile): Promise<void> {
  const [script, { cssBundle } = {}] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint) ?? [];
  if (!script) throw new Error("the bundle of /login has no entry point");
  const source = await readFile(path.join(root, "media/login/index.html"), "utf8");
  const reference = /<script[^>]*src="[^"]*main\.tsx"[^>]*><\/script>/;
  if (!reference.test(source)) throw new Error("media/login/index.html does not load main.tsx");
  const address = (file: string) => loginPath + path.relative(path.join(out, "login"), file);
  const style = cssBundle ? `<link rel="stylesheet" href="${address(cssBundle)}" />` : "";
  const page = source.replace(
    reference,
    `${style}<script type="module" src="${address(script)}"></script>`,
  );
  await mkdir(path.join(out, "login"), { recursive: true });
  await writeFile(path.join(out, "login/index.html"), page);
}

async function printSizes(metafile: Metafile): Promise<void> {
  for (const file of Object.keys(metafile.outputs).sort()) {
    const bytes = await readFile(path.join(root, file));
    const kilobytes = (count: number) => `${(count / 1000).toFixed(1).padStart(8)} kB`;
    const packed = gzipSync(bytes, { level: 9 }).length;
    console.log(`${kilobytes(bytes.length)} ${kilobytes(packed)} gzip  ${file}`);
  }
}

await rm(out, { recursive: true, force: true });
await printSizes(await buildPanes());
if (existsSync(path.join(root, "media/login/main.tsx"))) await printSizes(await buildLogin());
