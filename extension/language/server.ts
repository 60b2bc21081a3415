/**
 * The language server for canned scripts: a process of its own that VS Code's language client starts
 * when the first such document opens. It knows the document and the table of macros, and asks nobody.
 */
import {
  CompletionItemKind,
  createConnection,
  DiagnosticSeverity,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { hoverAt, problemsOf, type Proposal, proposalsAt } from "./analysis.ts";
import { languageTexts } from "./texts.ts";

const kinds = {
  macro: CompletionItemKind.Variable,
  field: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
} as const satisfies Record<Proposal["kind"], CompletionItemKind>;

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
let texts = languageTexts("en");

connection.onInitialize(({ locale }) => {
  texts = languageTexts(locale ?? "en");
  return {
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: ["$", "{", ".", ":", "[", ","] },
      hoverProvider: true,
    },
  };
});

documents.onDidChangeContent(({ document }) => {
  const diagnostics = problemsOf(document.getText(), texts).map(({ isError, ...problem }) => ({
    ...problem,
    severity: isError ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: "Handrail",
  }));
  void connection.sendDiagnostics({ uri: document.uri, diagnostics });
});

documents.onDidClose(({ document: { uri } }) => {
  void connection.sendDiagnostics({ uri, diagnostics: [] });
});

connection.onCompletion(({ textDocument, position }) => {
  const text = documents.get(textDocument.uri)?.getText() ?? "";
  return proposalsAt(text, position, texts).map(({ label, kind, detail, range }) => ({
    ...{ label, kind: kinds[kind], documentation: detail },
    filterText: label,
    textEdit: { range, newText: label },
  }));
});

connection.onHover(({ textDocument, position }) => {
  const text = documents.get(textDocument.uri)?.getText() ?? "";
  const found = hoverAt(text, position, texts);
  return found && { range: found.range, contents: { kind: "markdown", value: found.markdown } };
});

documents.listen(connection);
connection.listen();
