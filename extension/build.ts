// Bundles the console into dist/extension.cjs, the one file that VS Code loads, and puts the
// manifest's texts where VS Code looks for them: beside package.json.

import { copyFile, stat } from "node:fs/promises";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
const bundle = "dist/extension.cjs";
const manifestTexts = ["package.nls.json", "package.nls.fr.json"];

/** Leaves out zod's messages in fifty languages: the console has its own, and starts sooner. */
const withoutLocales: Plugin = {
  name: "without-locales",
  setup(bundle) {
    bundle.onLoad({ filter: /[/\\]zod[/\\].*[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

await build({
  absWorkingDir: root,
  entryPoints: ["extension/extension.ts"],
  outfile: bundle,
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  // The oldest extension host of `engines.vscode`.
  target: "node20",
  // bufferutil and utf-8-validate: native speed-ups of `ws` that it does without.
  external: ["vscode", "bufferutil", "utf-8-validate"],
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  plugins: [withoutLocales],
});
for (const name of manifestTexts) {
  await copyFile(path.join(root, "extension", name), path.join(root, name));
}
const { size } = await stat(path.join(root, bundle));
console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${bundle}`);
