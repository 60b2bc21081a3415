/**
 * The language client, a bundle of its own: it is loaded when the first document of a script opens,
 * so that the console starts without it.
 */
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

/** Starts the language server for documents of that language. `program`: its path. */
export async function startLanguage(
  language: string,
  program: string,
): Promise<{ stop(): Promise<void> }> {
  const run = { module: program, transport: TransportKind.ipc };
  const client = new LanguageClient(
    language,
    "Handrail Scripts",
    { run, debug: run },
    { documentSelector: [{ language }] },
  );
  await client.start();
  return { stop: () => client.stop() };
}
