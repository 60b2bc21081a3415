import ts from "typescript";

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  removeComments: true,
};

/**
 * A module of ours as a release holds it: JavaScript that imports JavaScript. A checkout runs as it
 * is, but each start would take away the types anew, in WebAssembly, before it could serve.
 * @param source TypeScript
 * @throws Error naming `file` when it is no TypeScript
 */
export function toJavaScript(source: string, file: string): string {
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    compilerOptions: options,
    fileName: file,
    reportDiagnostics: true,
  });
  const [flaw] = diagnostics;
  if (flaw === undefined) return outputText;
  throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(flaw.messageText, " ")}`);
}

/** Its path in a release. */
export function javaScriptPath(file: string): string {
  return file.replace(/\.ts$/, ".js");
}
