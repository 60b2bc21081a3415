import path from "node:path";
import tseslint from "typescript-eslint";

const root = path.resolve(import.meta.dirname, "../..");

/** Files of ours that no room's tsconfig includes: they run under Node, and no room sees them. */
const outsideRooms = ["media/build.ts", "extension/build.ts", "appliance/client/build.ts"];

/** The measures of a file that a reader can hold in mind. */
const size = {
  "max-lines": ["error", { max: 500 }],
  "max-lines-per-function": ["error", { max: 80 }],
  "max-depth": ["error", 3],
  "max-params": "off",
  "@typescript-eslint/max-params": ["error", { max: 4 }],
};

const correctness = {
  eqeqeq: "error",
  "no-console": "error",
  "no-empty": ["error", { allowEmptyCatch: false }],
  "no-restricted-syntax": [
    "error",
    { selector: "ExportDefaultDeclaration", message: "Export by name." },
    { selector: "ExportSpecifier[exported.name='default']", message: "Export by name." },
  ],
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/no-non-null-assertion": "error",
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/no-misused-promises": "error",
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
  "@typescript-eslint/switch-exhaustiveness-check": [
    "error",
    { considerDefaultExhaustiveForUnions: true },
  ],
  "@typescript-eslint/no-unused-vars": [
    "error",
    { argsIgnorePattern: "^_", ignoreRestSiblings: true },
  ],
};

/** Where the recommended set is stricter than is useful. */
const relaxed = {
  // A function is async where its contract returns a promise, whether or not it waits itself.
  "@typescript-eslint/require-await": "off",
  "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
};

export default tseslint.config(
  {
    ignores: ["**/node_modules/", "**/dist/", ".vscode-server-dist/", "test/artifacts/"],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        tsconfigRootDir: root,
        projectService: {
          allowDefaultProject: outsideRooms,
          defaultProject: "test/tsconfig.json",
        },
      },
    },
    rules: { ...size, ...correctness, ...relaxed },
  },
  {
    files: ["**/*.test.{ts,tsx}"],
    // The callback of a `describe` is a chapter, not a function.
    rules: { "max-lines-per-function": "off" },
  },
  {
    // A table of texts is as long as there are texts.
    files: ["**/texts.ts"],
    rules: { "max-lines": "off" },
  },
  {
    // Programs for a terminal: what they print is what they are for.
    files: [
      "{media,extension,appliance/client}/build.ts",
      "packer/**/*.ts",
      "test/{bench,demo}/**/*.ts",
    ],
    rules: { "no-console": "off" },
  },
  {
    // Who loads these takes their default export.
    files: ["test/vitest.config.ts", "test/image/reporter.ts", "test/lint/eslint.config.js"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.{js,mjs}"],
    extends: [tseslint.configs.base],
    rules: {
      ...size,
      "@typescript-eslint/max-params": "off",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
);
