import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { hashPassword } from "../../appliance/server/auth/password.ts";
import { administrator } from "../support/appliance.ts";
import { makeSigner, type Signer } from "../support/release.ts";
import { seedOf } from "./image.ts";

/** A folder with the keys of whoever runs an appliance in a test, gone with the object. */
export class Keys implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), "handrail-image-"));
  /** Of the private key for SSH. */
  readonly sshFile = path.join(this.folder, "ssh");
  /** Of the releases that the appliance takes beside those of the image's own key. */
  readonly signer: Signer = makeSigner(this.folder);

  constructor() {
    const made = ["-t", "ed25519", "-N", "", "-C", "ann", "-f", this.sshFile];
    execFileSync("ssh-keygen", ["-q", ...made]);
  }

  /** As it is given to an appliance. */
  get sshPublicKey(): string {
    return readFileSync(`${this.sshFile}.pub`, "utf8").trim();
  }

  /** A CD with which an appliance has its administrator, and takes the signer's releases. */
  async seed(): Promise<Uint8Array> {
    const { name, displayName, password } = administrator;
    const passwordHash = await hashPassword(password);
    return seedOf({
      administrator: { name, displayName, passwordHash },
      updateKeys: [this.signer.publicPem],
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
