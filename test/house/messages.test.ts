import { expect, test } from "vitest";
import ts from "typescript";
import { nodesOf, placeOf, type Source, sources } from "./sources.ts";

/**
 * VS Code makes links of `[label](command:…)` in notifications, and a click runs the command. Names
 * of customers, of their computers and of their files stand in many: each goes through
 * `messageText`, but for fixed texts, and for modal messages, which have no links.
 */
const consoleSources = sources.filter(({ path }) => path.startsWith("extension/"));

test("no words of others are told but as text without links", () => {
  expect(consoleSources.flatMap(untamed)).toEqual([]);
});

function untamed(source: Source): string[] {
  const messages = nodesOf(source, ts.isCallExpression)
    .filter((call) => /\.show(Information|Warning|Error)Message$/.test(nameOf(call.expression)))
    .filter(({ arguments: [, options] }) => !isModal(options))
    .map(({ arguments: [text] }) => text);
  const titles = nodesOf(source, ts.isObjectLiteralExpression)
    .filter((options) => options.getText().includes("ProgressLocation.Notification"))
    .flatMap(({ properties }) => properties)
    .filter((property) => property.name?.getText() === "title")
    .map((title) => (ts.isPropertyAssignment(title) ? title.initializer : title.name));
  return [...messages, ...titles]
    .filter((text) => text !== undefined)
    .filter((text) => !isTame(text))
    .map((text) => `${placeOf(source, text)} ${text.getText()}`);
}

/** A fixed text, or one that was made one without links. */
function isTame(text: ts.Node): boolean {
  if (ts.isStringLiteral(text)) return true;
  if (ts.isIdentifier(text)) {
    const value = valueOf(text);
    return value !== undefined && isTame(value);
  }
  if (!ts.isCallExpression(text)) return false;
  const name = nameOf(text.expression);
  return name === "messageText" || (name.endsWith("l10n.t") && text.arguments.length === 1);
}

function isModal(options: ts.Node | undefined): boolean {
  if (!options) return false;
  if (ts.isIdentifier(options)) return isModal(valueOf(options));
  return ts.isObjectLiteralExpression(options) && options.getText().includes("modal: true");
}

/** What a constant of that name is in the nearest block. */
function valueOf(name: ts.Identifier): ts.Expression | undefined {
  for (let place: ts.Node = name; !ts.isSourceFile(place); place = place.parent) {
    if (!ts.isBlock(place)) continue;
    const declarations = place.statements
      .filter((statement) => ts.isVariableStatement(statement))
      .flatMap(({ declarationList }) => declarationList.declarations);
    const found = declarations.find((each) => each.name.getText() === name.text);
    if (found) return found.initializer;
  }
  return undefined;
}

function nameOf(expression: ts.Node): string {
  return expression.getText();
}
