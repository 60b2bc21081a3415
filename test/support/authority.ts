import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What a certificate is to say. */
export interface Wanted {
  /** DNS name, or IP address. */
  readonly host: string;
  /** PEM of the private key; a new one when absent. */
  readonly key?: string;
  /** When it begins and ends, as `YYYYMMDDhhmmssZ`; yesterday and in 90 days when absent. */
  readonly from?: string;
  readonly to?: string;
}

/** A certificate with its key, PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

const day = 86_400_000;

/**
 * An authority (of Debian's openssl, which ca-certificates brings) for certificates as public ones are: a root that clients trust, an intermediate that
 * signs, and certificates for servers.
 */
export class Authority implements Disposable {
  readonly root: string;
  readonly intermediate: string;
  readonly #folder: string;
  #made = 0;

  constructor() {
    this.#folder = mkdtempSync(path.join(tmpdir(), "handrail-authority-"));
    const extension = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign";
    this.root = this.#sign({ name: "root", subject: "Sample Root", by: "root", extension });
    const subject = "Sample Intermediate";
    this.intermediate = this.#sign({ name: "between", subject, by: "root", extension });
  }

  issue({ host, key, from, to }: Wanted): Issued {
    const name = `server-${++this.#made}`;
    if (key !== undefined) writeFileSync(this.#place(`${name}.key`), key);
    const kind = /^[0-9.]+$/.test(host) ? "IP" : "DNS";
    const extension = `subjectAltName=${kind}:${host}\nextendedKeyUsage=serverAuth`;
    const certificate = this.#sign({ name, subject: host, by: "between", extension, from, to });
    return { certificate, key: readFileSync(this.#place(`${name}.key`), "utf8") };
  }

  /** A certificate for a request as it is (PEM), with the names that it asks for. */
  sign(request: string): string {
    const name = `asked-${++this.#made}`;
    writeFileSync(this.#place(`${name}.csr`), request);
    this.#openssl(
      ...["x509", "-req", "-in", `${name}.csr`, "-copy_extensions", "copy", "-days", "90"],
      ...["-CA", "between.pem", "-CAkey", "between.key", "-CAcreateserial", "-out", `${name}.pem`],
    );
    return readFileSync(this.#place(`${name}.pem`), "utf8");
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #sign(wanted: {
    name: string;
    subject: string;
    by: string;
    extension: string;
    from?: string | undefined;
    to?: string | undefined;
  }): string {
    const { name, by } = wanted;
    const key = `${name}.key`;
    if (!this.#has(key)) {
      this.#openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        key,
      );
    }
    writeFileSync(this.#place(`${name}.ext`), wanted.extension);
    this.#openssl(
      "req",
      "-new",
      "-key",
      key,
      "-subj",
      `/CN=${wanted.subject}`,
      "-out",
      `${name}.csr`,
    );
    const from = wanted.from ?? asTime(Date.now() - day);
    const to = wanted.to ?? asTime(Date.now() + 90 * day);
    // `openssl ca` alone lets both ends be chosen.
    writeFileSync(this.#place("ca.cnf"), configuration);
    writeFileSync(this.#place("index"), "");
    writeFileSync(this.#place("serial"), randomBytes(8).toString("hex").replace(/^./, "4"));
    const signer =
      by === name
        ? ["-selfsign", "-keyfile", key]
        : ["-keyfile", `${by}.key`, "-cert", `${by}.pem`];
    this.#openssl(
      ...["ca", "-batch", "-notext", "-config", "ca.cnf", ...signer],
      ...["-startdate", from, "-enddate", to, "-extfile", `${name}.ext`],
      ...["-in", `${name}.csr`, "-out", `${name}.pem`],
    );
    return readFileSync(this.#place(`${name}.pem`), "utf8");
  }

  #openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: this.#folder, stdio: "pipe" });
  }

  #place(name: string): string {
    return path.join(this.#folder, name);
  }

  #has(name: string): boolean {
    try {
      return readFileSync(this.#place(name)).length > 0;
    } catch {
      return false;
    }
  }
}

const configuration = `
[ca]
default_ca = here
[here]
new_certs_dir = .
database = index
serial = serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

/** A time as `openssl ca` reads it. */
export function asTime(at: number): string {
  return new Date(at).toISOString().replace(/[-:T]|\.[0-9]+/g, "");
}
