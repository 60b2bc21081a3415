// Bundles the console into dist/extension.cjs, which is what VS Code loads, the language client and
// server for scripts beside it, and puts the manifest's texts where VS Code looks for them.

import { copyFile, stat } from "node:fs/promises";
import path from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
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

/** The language client is a bundle of its own, which is loaded when it is first needed. */
const clientApart: Plugin = {
  name: "client-apart",
  setup(bundler) {
    bundler.onResolve({ filter: /\/client\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./language-client.cjs", external: true } : undefined,
    );
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
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
  plugins: [withoutLocales, clientApart],
  // VS Code gives `vscode` to what is required, and not to what is imported.
  supported: { "dynamic-import": false },
};

const bundles = {
  "dist/extension.cjs": "extension/extension.ts",
  "dist/language-client.cjs": "extension/language/client.ts",
  "dist/language-server.cjs": "extension/language/server.ts",
} as const;

for (const [outfile, entry] of Object.entries(bundles)) {
  await build({ ...common, entryPoints: [entry], outfile });
  const { size } = await stat(path.join(root, outfile));
  console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${outfile}`);
}
for (const name of manifestTexts) {
  await copyFile(path.join(root, "extension", name), path.join(root, name));
}
