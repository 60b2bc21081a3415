import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readDebian } from "../../../../appliance/server/health/debian.ts";
import { root as checkout } from "../../../support/root.ts";

const now = Date.now();

let root: string;
const at = (name: string) => path.join(root, name);
const look = () => readDebian({ releasesDirectory: at("opt/handrail"), now, root });
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "handrail-debian-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
}

it("is unknown where nobody has looked for Debian's updates yet", async () => {
  expect(await look()).toEqual({ restart: { isNeeded: false, packages: [] } });
});

it("tells when updates were looked for, what was installed last, and whether that needs a restart", async () => {
  write("var/lib/apt/periodic/unattended-upgrades-stamp", "");
  utimesSync(at("var/lib/apt/periodic/unattended-upgrades-stamp"), 1_000, 1_000);
  write(
    "var/log/apt/history.log",
    `
Start-Date: 2026-05-03  06:11:02
Commandline: /usr/bin/unattended-upgrade
Upgrade: curl:amd64 (7.88.1-10+deb12u12, 7.88.1-10+deb12u13)
End-Date: 2026-05-03  06:11:04

Start-Date: 2026-05-04  06:12:09
Commandline: /usr/bin/unattended-upgrade
Install: linux-image-6.1.0-35-amd64:amd64 (6.1.137-1, automatic)
Upgrade: openssl:amd64 (3.0.15-1~deb12u1, 3.0.16-1~deb12u1), libssl3:amd64 (3.0.15-1~deb12u1, 3.0.16-1~deb12u1)
End-Date: 2026-05-04  06:12:41

Start-Date: 2026-05-05  09:00:00
Commandline: apt-get install strace
Install: strace:amd64 (6.1-0.1)
End-Date: 2026-05-05  09:00:04

Start-Date: 2026-05-06  06:12:09
Commandline: /usr/bin/unattended-upgrade
Upgrade: cut:amd64 (1, 2)
`,
  );
  write("run/reboot-required", "*** System restart required ***\n");
  write("run/reboot-required.pkgs", "linux-image-6.1.0-35-amd64\n");
  expect(await look()).toEqual({
    lastRunAt: 1_000_000,
    installed: {
      at: new Date("2026-05-04T06:12:41").getTime(),
      packages: ["libssl3", "linux-image-6.1.0-35-amd64", "openssl"],
    },
    restart: { isNeeded: true, packages: ["linux-image-6.1.0-35-amd64"] },
  });
});

it("tells which security updates wait, as the image notes it after each run of apt", async () => {
  write(
    "bin/apt-get",
    `#!/bin/sh
cat <<END
Inst base-files [12.4+deb12u10] (12.4+deb12u11 Debian:12.11/stable [amd64])
Inst libssl3 [3.0.15-1~deb12u1] (3.0.16-1~deb12u1 Debian-Security:12/stable-security [amd64])
Inst linux-image-6.1.0-35-amd64 (6.1.137-1 Debian-Security:12/stable-security [amd64])
Conf libssl3 (3.0.16-1~deb12u1 Debian-Security:12/stable-security [amd64])
END
`,
  );
  execFileSync("chmod", ["+x", at("bin/apt-get")]);
  const script = path.join(checkout, "packer/rootfs/usr/libexec/handrail/debian-waiting");
  const note = at("opt/handrail/update/debian-waiting");
  const run = () => {
    const env = { PATH: `${at("bin")}:${process.env.PATH ?? ""}` };
    execFileSync(script, [note], { env, stdio: "pipe" });
  };
  run();
  expect((await look()).waiting).toEqual(["libssl3", "linux-image-6.1.0-35-amd64"]);
  expect(statSync(note).mode & 0o777).toBe(0o644);
  write("bin/apt-get", "#!/bin/sh\nexit 100\n");
  expect(run).toThrow();
  expect(readFileSync(note, "utf8")).toContain("libssl3");
  write("bin/apt-get", "#!/bin/sh\n");
  run();
  expect((await look()).waiting).toEqual([]);
});
