import { type MachineFault, machineFaults } from "@handrail/protocol/upkeep";

/** What is wrong, and what to do, for whoever works at the machine. */
const texts: Readonly<Record<MachineFault, string>> = {
  "bad-address":
    "This is no address with its prefix: write it as 192.0.2.10/24 or 2001:db8::10/64.",
  "address-taken":
    "Another machine has this address, or the network does not let it be taken. The former settings are back: choose a free address.",
  "bad-gateway": "The gateway is no address: write it as 192.0.2.1 or fe80::1.",
  "gateway-outside":
    "The gateway is not in the network of any of the addresses, or there are two of one kind: check the address's prefix, and give one gateway for each kind.",
  "bad-name-server": "A name server is no address: write it as 192.0.2.53.",
  "bad-host-name":
    "This is no name for a machine: letters, digits and dashes, with dots between parts, 64 at most.",
  "unknown-zone": "The machine does not know this time zone: write one as Europe/Paris.",
  "bad-ntp-server": "A time server is neither a name nor an address.",
  "bad-proxy":
    "This is no address of a proxy: write it as http://proxy.example.org:3128, without a password.",
  "bad-ssh-key":
    "This is no public key of SSH: give the one line of a file as id_ed25519.pub, without options before it.",
  "nothing-to-confirm":
    "No change of the network waits: the former settings may have returned in the meantime.",
  failed: "The machine could not do it. Nothing may have changed: look at the settings again.",
};

/** The machine has not taken a setting. */
export class MachineSettingsError extends Error {
  override readonly name = "MachineSettingsError";
  readonly fault: MachineFault;

  constructor(fault: MachineFault, options?: ErrorOptions) {
    super(texts[fault], options);
    this.fault = fault;
  }
}

/** Why a machine has not taken a setting; undefined for every other error. */
export function machineFaultOf(error: unknown): MachineFault | undefined {
  const fault = error instanceof Error && "fault" in error ? error.fault : undefined;
  return machineFaults.find((each) => each === fault);
}
