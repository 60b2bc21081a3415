// Bundles the customer client into dist/client/linux-x64: programs that a bare Node runs with
// nothing installed beside it, the native libraries they need, and the start-up files of shells.

import { copyFile, cp, mkdir, readdir, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const root = path.resolve(import.meta.dirname, "../..");
const out = path.join(root, "dist/client/linux-x64");
const nativeName = "koffi.node";

/** Koffi looks for its native part in node_modules; in the bundle it lies beside the program. */
const koffiBeside: Plugin = {
  name: "koffi-beside",
  setup: (bundler) => {
    const virtual = { path: "koffi-beside", namespace: "koffi-beside" };
    bundler.onResolve({ filter: /\/static\.js$/ }, ({ importer }) =>
      importer.includes("/koffi/") ? virtual : undefined,
    );
    bundler.onLoad({ filter: /./, namespace: virtual.namespace }, () => ({
      contents: `
        import { createRequire } from "node:module";
        export function loadStatic() {
          return createRequire(import.meta.url)("./${nativeName}");
        }`,
    }));
  },
};

/** So does the pseudoterminal's. */
const terminalBeside: Plugin = {
  name: "terminal-beside",
  setup: (bundler) => {
    bundler.onLoad({ filter: /\/node-pty\/requireBinary\.js$/ }, () => ({
      contents: `
        import { createRequire } from "node:module";
        export function requireBinary(file) {
          return createRequire(import.meta.url)("./" + file);
        }`,
    }));
    // For another system, with a native part of its own.
    bundler.onResolve({ filter: /\/windowsTerminal$/ }, ({ path: name }) => ({
      path: name,
      external: true,
    }));
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  absWorkingDir: path.join(root, "appliance/client/node"),
  entryPoints: {
    app: "main.ts",
    "encoder-worker": "encoder-worker.ts",
    "window-process": "window/window-process.ts",
    "system-process": "system/system-process.ts",
    "disk-worker": "files/disk-worker.ts",
    "clipboard-process": "clipboard/clipboard-process.ts",
    "elevated-process": "elevation/elevated-process.ts",
    "askpass-process": "elevation/askpass-process.ts",
    "draw-process": "draw/draw-process.ts",
    "chat-files-process": "chat-file/chat-files-process.ts",
  },
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  keepNames: true,
  platform: "node",
  format: "esm",
  target: "node24",
  // `ws` is CommonJS and calls require for Node's own modules.
  banner: {
    js: 'import{createRequire as makeRequire}from"node:module";const require=makeRequire(import.meta.url);',
  },
  // Native speed-ups of `ws` that it does without.
  external: ["bufferutil", "utf-8-validate"],
  plugins: [koffiBeside, terminalBeside],
  charset: "utf8",
  legalComments: "linked",
  logLevel: "warning",
});
const native = createRequire(import.meta.resolve("koffi")).resolve("@koromix/koffi-linux-x64");
await copyFile(
  path.join(path.dirname(native), "linux_x64", nativeName),
  path.join(out, nativeName),
);
const terminal = createRequire(import.meta.resolve("@lydell/node-pty"));
const terminalName = "pty.node";
await copyFile(
  terminal.resolve(`@lydell/node-pty-linux-x64/${terminalName}`),
  path.join(out, terminalName),
);
await cp(path.join(root, "appliance/client/node/shell/startup"), path.join(out, "startup"), {
  recursive: true,
});
await copyFile(
  path.join(root, "appliance/client/node/elevation/askpass.sh"),
  path.join(out, "askpass.sh"),
);
for (const name of (await readdir(out)).toSorted()) {
  const { size } = await stat(path.join(out, name));
  console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  client/linux-x64/${name}`);
}
