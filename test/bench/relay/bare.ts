// A proxy that passes bytes from TLS to TLS and does nothing else: what Node itself costs, with the
// same runtime settings as the appliance. Arguments: files of key and certificate, far end's port.

import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { tuneRuntime } from "../../../appliance/server/runtime.ts";

tuneRuntime(process.env);
const [keyFile = "", certificateFile = "", farPort] = process.argv.slice(2);
const pair = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
const server = createServer({ ...pair, minVersion: "TLSv1.3", noDelay: true }, (near) => {
  const far = connect({ port: Number(farPort), host: "127.0.0.1", rejectUnauthorized: false });
  far.setNoDelay(true);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on("data", (bytes: Buffer) => to.write(bytes));
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
