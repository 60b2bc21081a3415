// The Debian packages that the tests and the demonstration use: a browser, and X desktops.

import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";
import { run, SetupError, step } from "./step.mjs";

/** A desktop to share, a browser to drive, and what the customer client is linked with at run time. */
export const desktopPackages = [
  ...["chromium", "fonts-dejavu", "curl", "ca-certificates"],
  ...["xvfb", "x11-xkb-utils", "xkb-data", "openbox", "xterm", "mousepad", "xauth", "util-linux"],
  ...["zsh", "less", "vim", "htop", "xclip", "sudo", "pkexec"],
  ...["xdotool", "x11-xserver-utils", "x11-utils", "dbus-x11", "at-spi2-core", "libgtk-3-0"],
  ...["libxdamage1", "libxfixes3", "libxtst6", "libxrandr2", "libxext6", "libx11-6"],
];

/** Other servers that the appliance is tested with: a directory of certificates (ACME), and SFTP. */
export const serverPackages = ["pebble", "openssh-server"];

/** With what a person uses the demonstration's sample computer from a browser. */
export const viewerPackages = ["x11vnc", "novnc", "websockify"];

/** What the benchmark measures us against. */
export const benchmarkPackages = [
  ...viewerPackages,
  "nginx-light",
  "libnginx-mod-stream",
  "openssl",
  "openssh-server",
  "openssh-client",
];

const { tools, checks } = JSON.parse(readFileSync(path.join(root, "packer/toolset.json"), "utf8"));

/** What `packer/` is checked with. */
export const roomPackages = Object.keys(checks);

/** What the appliance's image is built with, and started to be tested. */
export const imagePackages = Object.keys(tools);

/**
 * Installs those of the packages that are missing; needs root only then.
 *
 * @param {string[]} packages
 */
export async function debianPackages(packages) {
  const missing = await missingOf(packages);
  const title = `install ${missing.length} Debian packages (${missing.join(" ")})`;
  await step(
    title,
    () => missing.length === 0,
    () => install(missing),
  );
}

async function missingOf(packages) {
  const installed = await installedNames();
  return packages.filter((name) => !installed.has(name));
}

// Provided names count: later releases rename libraries and keep the old name as a provided one.
async function installedNames() {
  const format = "${db:Status-Status}\t${Package}, ${Provides}\n";
  const lines = (await run("dpkg-query", ["-W", "-f", format]).catch(refuse)).split("\n");
  const names = lines
    .filter((line) => line.startsWith("installed\t"))
    .flatMap((line) => line.slice("installed\t".length).split(","))
    .map((name) => name.trim().split(/[ :]/, 1)[0]);
  return new Set(names);
}

function refuse(cause) {
  if (cause.code !== "ENOENT") throw cause;
  throw new SetupError("This needs a Debian system (dpkg-query is not here).");
}

async function install(missing) {
  if (process.getuid?.() !== 0) {
    const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
    throw new SetupError(`Some Debian packages are missing; please run: sudo ${command}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { env });
  await run("apt-get", ["install", "-y", "--no-install-recommends", ...missing], { env });
}
