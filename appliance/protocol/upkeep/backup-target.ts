/** A folder on a server that speaks SFTP. */
export interface SftpTarget {
  readonly kind: "sftp";
  /** DNS name, or address. */
  readonly host: string;
  readonly port: number;
  /** From the root with a slash in front, else from where the name's sign-in begins. */
  readonly folder: string;
  readonly name: string;
  /** What the name signs in with: a password, or the appliance's own key. */
  readonly signIn: "password" | "key";
  /** SHA-256 of the server's key as OpenSSH writes it; until it is known nothing is sent. */
  readonly hostKey?: string | undefined;
}

/** A bucket of Amazon S3, or of what is compatible with it. Its name stands in the path. */
export interface S3Target {
  readonly kind: "s3";
  /** https://HOST, or http:// where nobody listens in between. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Stands before the names of the files, as `handrail/`. */
  readonly prefix: string;
  readonly accessKey: string;
  /** Whose certificate is trusted. `ca`: PEM; `pin`: SHA-256, hex. */
  readonly trust:
    | { readonly by: "authorities" }
    | { readonly by: "ca"; readonly ca: string }
    | { readonly by: "pin"; readonly pin: string };
}

/** Where backups are sent to, without the secret that it takes. */
export type BackupTarget = SftpTarget | S3Target;

/** A target with the password or the secret key for it; without one the kept one stays. */
export interface BackupTargetForm {
  readonly target: BackupTarget;
  readonly secret?: string | undefined;
}

/** What can be wrong with a target, or on the way to it. */
export const backupTargetFaults = [
  ...(["unknown-name", "refused", "unreachable", "timeout", "lost"] as const),
  ...(["untrusted", "other-certificate", "no-tls", "proxy"] as const),
  "no-ssh",
  "host-key-unknown",
  "host-key-changed",
  "authentication",
  "no-folder",
  "no-right",
  "full",
  "no-bucket",
  "wrong-region",
  "clock-skew",
  "not-found",
  "rejected",
  /** Of the appliance's own disk, when a backup is fetched. */
  "no-space",
  "cancelled",
] as const;
/** One of these. */
export type BackupTargetFault = (typeof backupTargetFaults)[number];

/** Why something with a target failed. `fingerprint`: of a key or certificate that it showed. */
export interface BackupTargetTrouble {
  readonly fault: BackupTargetFault;
  readonly fingerprint?: string | undefined;
}

/** What came of a try. */
export type BackupTargetOutcome =
  { readonly ok: true } | ({ readonly ok: false } & BackupTargetTrouble);

/** A file on its way. */
export interface BackupTransfer {
  readonly name: string;
  readonly doneBytes: number;
  readonly sizeBytes: number;
}

/** A backup at the target. `madeAt` in Unix ms. */
export interface RemoteBackup {
  readonly name: string;
  readonly sizeBytes: number;
  readonly madeAt: number;
}

/** How it stands with a target. Times in Unix ms. */
export interface BackupTargetState {
  readonly target?: BackupTarget | undefined;
  /** The appliance's public key, a line as OpenSSH's `authorized_keys` has it. */
  readonly publicKey: string;
  /** Backups that wait to be sent. */
  readonly waiting: readonly string[];
  readonly sending?: BackupTransfer | undefined;
  readonly fetching?: BackupTransfer | undefined;
  readonly lastSent?: { readonly at: number; readonly name: string } | undefined;
  /** Why the last try to send failed, since when that is so, and when the next one is. */
  readonly trouble?: (BackupTargetTrouble & Since) | undefined;
  readonly fetchTrouble?: BackupTargetTrouble | undefined;
}

interface Since {
  readonly since: number;
  readonly nextAt: number;
}
