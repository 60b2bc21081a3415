import { connect } from "node:tls";

/** SHA-256 of the certificate that is shown on a port of this computer, as people read it. */
export async function fingerprintAt(port: number): Promise<string> {
  const socket = connect({ port, rejectUnauthorized: false });
  try {
    await new Promise((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    return socket.getPeerCertificate().fingerprint256;
  } finally {
    socket.destroy();
  }
}
