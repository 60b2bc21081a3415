import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Clock } from "../../appliance/server/clock.ts";
import { MachineSettingsError } from "../../appliance/server/machine/settings-error.ts";
import { SettingsKeeper } from "../../appliance/server/machine/settings-keeper.ts";
import { settingsRequestShape } from "../../appliance/server/machine/settings-request.ts";
import { readMachineConfig } from "../../appliance/server/update/machine-config.ts";
import { node, root } from "./root.ts";

/**
 * The files of a machine in a folder, and in the place of its kernel and service manager small
 * programs that do what those would: an address is taken up when networkd's file says so, unless the
 * file `taken` has it.
 */
export class SettingsMachine implements AsyncDisposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), "handrail-settings-"));
  readonly socketFile = path.join(this.folder, "settings.sock");
  readonly env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH ?? "",
    HANDRAIL_MACHINE_CONFIG: path.join(this.folder, "machine.json"),
  };
  /** Undefined: each request starts the program, as the image's socket does. */
  readonly #keeper: SettingsKeeper | undefined;
  #server: Server | undefined;

  private constructor(clock: Clock | undefined, more: object) {
    for (const each of ["etc", "run/systemd/resolve", "usr/share/zoneinfo/Europe", "log"]) {
      mkdirSync(this.at(each), { recursive: true });
    }
    writeFileSync(this.at("etc/hostname"), "handrail\n");
    writeFileSync(this.at("usr/share/zoneinfo/Europe/Paris"), "");
    writeFileSync(this.at("run/systemd/resolve/resolv.conf"), "nameserver 192.0.2.53\n");
    writeFileSync(
      this.at("machine.json"),
      JSON.stringify({ settings: { ...this.#config(), ...more } }),
    );
    this.#keeper = clock && new SettingsKeeper(readMachineConfig(this.env).settings, clock);
  }

  /**
   * With a clock, requests are served within this process; else each by a program. `more`: settings
   * of root's.
   */
  static async start(clock?: Clock, more: object = {}): Promise<SettingsMachine> {
    const machine = new SettingsMachine(clock, more);
    machine.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (connection) => {
      void machine.#serve(connection);
    });
    machine.#server.listen(machine.socketFile);
    await once(machine.#server, "listening");
    return machine;
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** What a file says; undefined when it is not there. */
  read(name: string): string | undefined {
    return existsSync(this.at(name)) ? readFileSync(this.at(name), "utf8") : undefined;
  }

  /** Which of the small programs have run, in their order, each with its arguments. */
  get ran(): string[] {
    return (this.read("ran") ?? "").split("\n").filter((line) => line !== "");
  }

  /** Has one of the small programs fail from now on. */
  breaks(name: string): void {
    this.#script(name, "exit 1");
  }

  /** As the timer does, and the start of the machine. */
  async recover(): Promise<void> {
    if (this.#keeper) await this.#keeper.undoNetwork();
    else await once(spawn(node, [program, "recover"], { env: this.env }), "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server?.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #serve(connection: Socket): Promise<void> {
    if (!this.#keeper) {
      const stdio = [connection, connection, "ignore"] as const;
      const child = spawn(node, [program], { stdio: [...stdio], env: this.env });
      child.once("exit", () => connection.destroy());
      return;
    }
    const [line = ""] = String((await once(connection.resume(), "data"))[0]).split("\n");
    const request = settingsRequestShape.parse(JSON.parse(line));
    const answer = await this.#keeper.perform(request).then(
      (state) => ({ done: { state } }),
      (error: unknown) => {
        if (!(error instanceof MachineSettingsError)) throw error;
        return { refused: { fault: error.fault, message: error.message } };
      },
    );
    connection.end(`${JSON.stringify(answer)}\n`);
  }

  #config() {
    const links = `{ printf '[{"ifname":"lo","link_type":"loopback"},{"ifname":"eth0","link_type":"ether","flags":["UP","LOWER_UP"],"addr_info":['
comma=
for each in $(sed -n 's/^Address=//p' etc/systemd/network/*.network 2>/dev/null); do
  ! grep -qsx "$each" taken || continue
  printf '%s{"local":"%s","prefixlen":%s,"scope":"global"}' "$comma" "\${each%/*}" "\${each#*/}"
  comma=,
done
printf ']}]\\n'; }`;
    const ip = `case "$*" in
  *route*-4*|*-4*route*) printf '[{"dst":"default","gateway":"192.0.2.1"}]' ;;
  *route*) ;;
  *address*) ${links} ;;
  *) exit 1 ;;
esac`;
    return {
      root: this.folder,
      lockFile: this.at("lock"),
      networkTrialFile: this.at("network-trial.json"),
      networkSettleMs: 0,
      ipCommand: this.#script("ip", ip),
      hostNameCommand: this.#script("host-name", 'printf "%s\\n" "$1" > etc/hostname', true),
      ...Object.fromEntries(
        [
          ["reloadNetworkCommand", "reload-network"],
          ["startTrialCommand", "start-trial"],
          ["stopTrialCommand", "stop-trial"],
          ["reloadTimeCommand", "reload-time"],
          ["startSshCommand", "start-ssh"],
          ["stopSshCommand", "stop-ssh"],
          ["reloadFirewallCommand", "reload-firewall"],
        ].map(([key = "", name = ""]) => [key, this.#script(name, ":", true)]),
      ),
    };
  }

  #script(name: string, body: string, isNoted = false): string[] {
    const file = this.at(name);
    const note = isNoted ? `echo "${name} $*" | sed 's/ $//' >> ran\n` : "";
    writeFileSync(file, `#!/bin/sh\ncd ${this.folder}\n${note}${body}\n`);
    chmodSync(file, 0o755);
    return [file];
  }
}

const program = path.join(root, "appliance/server/machine/settings-main.ts");
