/** By what visitors know the appliance; a renewed certificate changes it while the appliance runs. */
export interface ShownIdentity {
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SPKI), base64. */
  readonly publicKeyPin: string;
  /** When the certificate ends, Unix ms. */
  readonly expiresAt: number;
}
