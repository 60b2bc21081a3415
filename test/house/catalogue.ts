import ts from "typescript";
import { nodesOf, shipped, type Source } from "./sources.ts";

/** The texts of one place in both languages: dotted key, and the text as it is written. */
export interface Catalogue {
  path: string;
  en: ReadonlyMap<string, string>;
  fr: ReadonlyMap<string, string>;
}

const names = { en: ["en", "english"], fr: ["fr", "french"] };

/**
 * The catalogue of a file that declares `const en` and `const fr`, the latter in a file of its own
 * (`texts-fr.ts` beside `texts.ts`) where they are many; undefined for other files.
 */
export function catalogueOf(source: Source): Catalogue | undefined {
  if (source.path.endsWith("-fr.ts")) return undefined;
  const french = shipped.find(({ path }) => path === source.path.replace(/\.ts$/, "-fr.ts"));
  const en = textsNamed(source, names.en);
  const fr = textsNamed(french ?? source, names.fr);
  return en || fr ? { path: source.path, en: en ?? new Map(), fr: fr ?? new Map() } : undefined;
}

function textsNamed(source: Source, wanted: readonly string[]): Map<string, string> | undefined {
  const declaration = nodesOf(source, ts.isVariableDeclaration).find(
    ({ name, parent }) =>
      ts.isIdentifier(name) &&
      wanted.includes(name.text) &&
      ts.isVariableStatement(parent.parent) &&
      ts.isSourceFile(parent.parent.parent),
  );
  const value = declaration?.initializer && bare(declaration.initializer);
  return value && ts.isObjectLiteralExpression(value) ? new Map(flat(value, "")) : undefined;
}

function flat(object: ts.ObjectLiteralExpression, prefix: string): [string, string][] {
  return object.properties.flatMap((property): [string, string][] => {
    const name =
      property.name && ts.isStringLiteral(property.name) ? property.name.text : undefined;
    const key = `${prefix}${name ?? property.name?.getText() ?? property.getText()}`;
    const value = ts.isPropertyAssignment(property) ? bare(property.initializer) : property;
    return ts.isObjectLiteralExpression(value) ? flat(value, `${key}.`) : [[key, value.getText()]];
  });
}

function bare(expression: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isSatisfiesExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isParenthesizedExpression(expression);
  return isWrapped ? bare(expression.expression) : expression;
}
