import path from "node:path";
import ts from "typescript";
import { nodesOf, placeOf, type Source } from "./sources.ts";

/** One import of one file: static, dynamic, of types, or an export from elsewhere. */
export interface Import {
  from: string;
  /** Where it stands, as "media/build.ts:3". */
  place: string;
  /** As it is written. */
  specifier: string;
  /** The file it names, from the project's top, when it is a path; undefined for a package. */
  file: string | undefined;
  /** Whether it is gone when the program runs. */
  isOfTypes: boolean;
}

/** Every import of a file whose target is written as a plain text. */
export function importsOf(source: Source): Import[] {
  return nodesOf(source, isStringLiteral)
    .filter(isTarget)
    .map((literal) => ({
      from: source.path,
      place: placeOf(source, literal),
      specifier: literal.text,
      file: literal.text.startsWith(".")
        ? path.posix.join(path.posix.dirname(source.path), literal.text)
        : undefined,
      isOfTypes: isOfTypes(literal.parent),
    }));
}

/** The package of a specifier: "@a/b" of "@a/b/c", "node:fs" as it is. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isStringLiteral(node: ts.Node): node is ts.StringLiteral {
  return ts.isStringLiteral(node);
}

function isTarget(literal: ts.StringLiteral): boolean {
  const { parent } = literal;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent);
  return ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function isOfTypes(statement: ts.Node): boolean {
  if (ts.isLiteralTypeNode(statement)) return true;
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  if (!ts.isImportDeclaration(statement) || !statement.importClause) return false;
  const { name, namedBindings, phaseModifier } = statement.importClause;
  if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  if (name !== undefined || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}
