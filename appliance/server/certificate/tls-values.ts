import type { SecureContextOptions } from "node:tls";
import { defaultTlsSettings, type TlsSettings, tlsSettingsShape } from "@handrail/protocol";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { json } from "../store/row.ts";

const valueName = "tls-settings";
const storedShape = json(tlsSettingsShape);

/** The settings of TLS that are in force. */
export function readTlsSettings(values: Pick<ApplianceValues, "read">): TlsSettings {
  const stored = storedShape.safeParse(values.read(valueName)?.toString());
  return stored.success ? stored.data : defaultTlsSettings;
}

/** Keeps them. Part of the caller's transaction. */
export function writeTlsSettings(values: ApplianceValues, settings: TlsSettings): void {
  values.write(valueName, Buffer.from(JSON.stringify(settings)));
}

/** The same for Node. The server's order of ciphers is what counts. */
export function tlsContext({ oldest, newest, ciphers }: TlsSettings): SecureContextOptions {
  const isOld = oldest !== "TLSv1.2";
  return {
    minVersion: oldest,
    maxVersion: newest,
    // OpenSSL has SHA-1 in handshakes, and so versions before 1.2, at its lowest level alone.
    ciphers: [...ciphers, ...(isOld ? ["@SECLEVEL=0"] : [])].join(":"),
    honorCipherOrder: true,
  };
}
