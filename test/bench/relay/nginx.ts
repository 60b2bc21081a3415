import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Program } from "../../support/processes.ts";
import { root } from "../../support/root.ts";
import { freePort } from "../../support/free-port.ts";

/** A key and its certificate, as files in PEM. */
export interface KeyPair {
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** A program between two ends that forwards. */
export interface Forwarder {
  readonly program: Program;
  readonly port: number;
}

/** Debian's nginx as a stream proxy with TLS on both sides: what relaying costs at the least. */
export async function startNginx(
  upstreamPort: number,
  { keyFile, certificateFile }: KeyPair,
): Promise<Forwarder> {
  const listenPort = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-nginx-"));
  const file = path.join(folder, "nginx.conf");
  await writeFile(
    file,
    `load_module /usr/lib/nginx/modules/ngx_stream_module.so;
worker_processes 1;
daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr notice;
events { worker_connections 512; }
stream {
  server {
    listen 127.0.0.1:${listenPort} ssl;
    ssl_certificate ${certificateFile};
    ssl_certificate_key ${keyFile};
    ssl_protocols TLSv1.3;
    proxy_ssl on;
    proxy_ssl_protocols TLSv1.3;
    proxy_buffer_size 16k;
    tcp_nodelay on;
    proxy_pass 127.0.0.1:${upstreamPort};
  }
}
`,
  );
  const program = new Program("nginx", { args: ["-c", file, "-p", folder, "-e", "stderr"] });
  await program.line(/start worker|using the "epoll"/);
  process.once("exit", () => void rm(folder, { recursive: true, force: true }));
  return { program, port: listenPort };
}

/** Node as a proxy with TLS on both sides, and nothing of ours but the settings of its runtime. */
export async function startBareNode(
  upstreamPort: number,
  { keyFile, certificateFile }: KeyPair,
): Promise<Forwarder> {
  const program = new Program(path.join(root, "node_modules/.bin/node"), {
    args: [
      path.join(root, "test/bench/relay/bare.ts"),
      keyFile,
      certificateFile,
      String(upstreamPort),
    ],
  });
  const [, port] = await program.line(/^listening on (\d+)$/m);
  return { program, port: Number(port) };
}

/** A throw-away ECDSA P-256 certificate for loopback, in a folder. */
export async function makeKeyPair(folder: string): Promise<KeyPair> {
  const pair = {
    keyFile: path.join(folder, "key.pem"),
    certificateFile: path.join(folder, "certificate.pem"),
  };
  await using openssl = new Program("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", pair.keyFile, "-out", pair.certificateFile, "-days", "2"],
      ...["-subj", "/CN=127.0.0.1"],
    ],
  });
  if ((await openssl.ended()) !== 0) throw new Error(`no certificate: ${openssl.output}`);
  return pair;
}
