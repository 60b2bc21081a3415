import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { inBuilt } from "./places.ts";

/** The Ed25519 key (RFC 8032) that signs an image, and the updates that it will take. */
export class SigningKey {
  /** The private key, PEM. */
  readonly file: string;
  /** The public key, PEM, as the appliance keeps it among its update keys. */
  readonly publicFile: string;
  /** Whether the builder named it; otherwise it was made on this machine. */
  readonly isGiven: boolean;

  private constructor(file: string, publicFile: string, isGiven: boolean) {
    this.file = file;
    this.publicFile = publicFile;
    this.isGiven = isGiven;
  }

  /** The key in a file, or without one this machine's own. @throws Error for another kind of key */
  static async find(file: string | undefined): Promise<SigningKey> {
    const folder = inBuilt("keys");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const own = path.join(folder, "signing.pem");
    if (file === undefined && !existsSync(own)) {
      const { privateKey } = generateKeyPairSync("ed25519");
      await writeFile(own, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    }
    const key = createPrivateKey(await readFile(file ?? own));
    if (key.asymmetricKeyType !== "ed25519") throw new Error(`${file ?? own} is no Ed25519 key.`);
    const publicFile = path.join(folder, "handrail.pem");
    await writeFile(publicFile, createPublicKey(key).export({ type: "spki", format: "pem" }));
    return new SigningKey(file ?? own, publicFile, file !== undefined);
  }

  /** The signature of these bytes, 64 bytes. */
  async sign(bytes: Buffer): Promise<Buffer> {
    return sign(null, bytes, createPrivateKey(await readFile(this.file)));
  }
}
