import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { writeSecretFile } from "../store/files.ts";
import type { Identity } from "./identity.ts";

const draftShape = z.object({ certificate: z.string().min(1), privateKey: z.string().min(1) });

/**
 * Puts another certificate and key in the place of those in the data directory. Both are in one file
 * first: whatever happens in between, the next reader of the two finishes it.
 */
export function replaceIdentity(
  dataDirectory: string,
  { certificate, privateKey }: Pick<Identity, "certificate" | "privateKey">,
): void {
  const draft = JSON.stringify({ certificate, privateKey });
  writeSecretFile(draftOf(dataDirectory), `${draft}\n`);
  finishReplacing(dataDirectory);
}

/** Finishes what was cut short; nothing to do otherwise. */
export function finishReplacing(dataDirectory: string): void {
  const file = draftOf(dataDirectory);
  if (!existsSync(file)) return;
  const { certificate, privateKey } = draftShape.parse(JSON.parse(readFileSync(file, "utf8")));
  writeSecretFile(path.join(dataDirectory, "private-key.pem"), privateKey);
  writeSecretFile(path.join(dataDirectory, "certificate.pem"), certificate);
  rmSync(file);
}

function draftOf(dataDirectory: string): string {
  return path.join(dataDirectory, "next-certificate.json");
}
