import type {
  BackupTargetForm,
  BackupTargetOutcome,
  BackupTargetState,
  BackupTargetTrouble,
  RemoteBackup,
} from "@handrail/protocol/upkeep";
import type { Ask } from "../request.ts";

/** What lies at the target, or why that is not known. */
export type RemoteFiles = { readonly files: readonly RemoteBackup[] } | BackupTargetTrouble;

/** The requests about where backups are sent. Every method throws ApiError. */
export class BackupTargetApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  read(signal: AbortSignal): Promise<BackupTargetState> {
    return this.#ask("backups/target", { signal });
  }
  /** Without a form backups stay on the appliance. */
  change(form?: BackupTargetForm): Promise<object> {
    return this.#ask("backups/target", { method: "PATCH", body: form ?? {} });
  }
  try(form: BackupTargetForm): Promise<BackupTargetOutcome> {
    return this.#ask("backups/target/try", { method: "POST", body: form });
  }
  /** Tries at once what waits. */
  send(): Promise<object> {
    return this.#ask("backups/target/send", { method: "POST", body: {} });
  }
  cancel(): Promise<object> {
    return this.#ask("backups/target/cancel", { method: "POST", body: {} });
  }
  files(): Promise<RemoteFiles> {
    return this.#ask("backups/target/files", {});
  }
  /** Begins to fetch one; the state says how it goes. */
  fetch(name: string): Promise<object> {
    return this.#ask("backups/target/fetch", { method: "POST", body: { name } });
  }
}
