import type { Lifetime } from "@handrail/protocol";

/** By what visitors know the appliance; a renewed certificate changes it while the appliance runs. */
export interface ShownIdentity {
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SPKI), base64. */
  readonly publicKeyPin: string;
  /** Of the certificate. */
  readonly life: Lifetime;
}
