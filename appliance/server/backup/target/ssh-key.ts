import type { ApplianceValues } from "../../store/appliance-values.ts";
import { makeSshKey, publicSshKey } from "./sftp-place.ts";

const keyName = "backup-ssh-key";

/** The key by which the appliance signs in at servers that speak SFTP, as OpenSSH writes it. */
export function sshKey(values: ApplianceValues): string {
  const kept = values.read(keyName)?.toString();
  if (kept !== undefined) return kept;
  const made = makeSshKey();
  values.write(keyName, Buffer.from(made));
  return made;
}

/** What is public of it, a line as `authorized_keys` has it. */
export function sshPublicKey(values: ApplianceValues): string {
  return publicSshKey(sshKey(values));
}
