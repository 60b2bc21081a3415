import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { writeSecretFile } from "../store/files.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { type Identity, identityOf } from "./identity.ts";

/** Where the certificate and key lie, and where it is kept what was decided about them. */
export interface IdentityPlace {
  readonly dataDirectory: string;
  readonly values: ApplianceValues;
}

const draftShape = z.object({ certificate: z.string().min(1), privateKey: z.string().min(1) });

/** The fingerprint of the certificate that was decided upon last. */
const decidedName = "certificate-decided";

/**
 * Prepares to put another certificate and key in the place of those in the data directory: both lie in
 * one file, and the decision is part of the caller's transaction. Once that is on the disk,
 * `finishReplacing` does it; else `dropReplacing` forgets it.
 */
export function prepareReplacing(
  { dataDirectory, values }: IdentityPlace,
  { certificate, fingerprint, privateKey }: Identity,
): void {
  const draft = JSON.stringify({ certificate, privateKey });
  writeSecretFile(draftOf(dataDirectory), `${draft}\n`);
  values.write(decidedName, Buffer.from(fingerprint));
}

/** Forgets what was prepared and not decided. */
export function dropReplacing({ dataDirectory }: Pick<IdentityPlace, "dataDirectory">): void {
  rmSync(draftOf(dataDirectory), { force: true });
}

/** Does what was decided, also after it was cut short; nothing to do otherwise. */
export function finishReplacing({ dataDirectory, values }: IdentityPlace): void {
  const file = draftOf(dataDirectory);
  if (!existsSync(file)) return;
  const { certificate, privateKey } = draftShape.parse(JSON.parse(readFileSync(file, "utf8")));
  // Another process may be about to decide it: it is left where it is.
  const { fingerprint } = identityOf(certificate, privateKey);
  if (values.read(decidedName)?.toString() !== fingerprint) return;
  writeSecretFile(path.join(dataDirectory, "private-key.pem"), privateKey);
  writeSecretFile(path.join(dataDirectory, "certificate.pem"), certificate);
  rmSync(file);
}

function draftOf(dataDirectory: string): string {
  return path.join(dataDirectory, "next-certificate.json");
}
