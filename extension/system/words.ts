import * as vscode from "vscode";
import type { SystemWords } from "./document.ts";

const { l10n } = vscode;

/** The words of system information in the console's language. */
export function systemWords(): SystemWords {
  const known = { categories: categories(), fields: fields(), lists: lists() };
  return {
    language: vscode.env.language,
    yes: l10n.t("yes"),
    no: l10n.t("no"),
    byteUnits: [l10n.t("B"), l10n.t("KiB"), l10n.t("MiB"), l10n.t("GiB"), l10n.t("TiB")],
    title: (computer) => l10n.t("System information of {0}", computer),
    customer: l10n.t("Customer"),
    readAt: l10n.t("Read"),
    // A newer client may know more than this console: better an odd word than a line that is missing.
    category: (name) => known.categories[name] ?? name,
    field: (name) => known.fields[name] ?? name,
    list: (name) => known.lists[name] ?? name,
    omitted: (rows) => l10n.t("{0} more, not sent", rows),
    empty: l10n.t("None"),
    failed: (category, reason) =>
      reason === "too-slow" ? l10n.t("It took too long.") : unavailableText(category),
  };
}

/** Why a computer cannot say something of itself, where that has a usual reason. */
function unavailableText(category: string): string {
  switch (category) {
    case "services":
      return l10n.t("This computer cannot say: systemd does not run its services.");
    case "software":
      return l10n.t("This computer cannot say: it has neither dpkg nor rpm.");
    case "errors":
      return l10n.t("This computer cannot say: it has no journal of systemd that may be read.");
    default:
      return l10n.t("This computer cannot say.");
  }
}

type Words = Readonly<Record<string, string>>;

function categories(): Words {
  return {
    computer: l10n.t("Computer"),
    processor: l10n.t("Processor"),
    memory: l10n.t("Memory"),
    disks: l10n.t("Disks"),
    network: l10n.t("Network"),
    users: l10n.t("Users"),
    processes: l10n.t("Processes"),
    services: l10n.t("Services"),
    software: l10n.t("Installed software"),
    errors: l10n.t("Recent errors"),
  };
}

function lists(): Words {
  return {
    cores: l10n.t("Cores"),
    modules: l10n.t("Memory modules"),
    fileSystems: l10n.t("File systems"),
    drives: l10n.t("Drives"),
    interfaces: l10n.t("Interfaces"),
    signedIn: l10n.t("Signed in"),
    accounts: l10n.t("Accounts"),
    processes: l10n.t("Processes"),
    services: l10n.t("Services"),
    software: l10n.t("Installed software"),
    errors: l10n.t("Recent errors"),
  };
}

function fields(): Words {
  return { ...computerFields(), ...resourceFields(), ...networkFields(), ...workFields() };
}

function computerFields(): Words {
  return {
    name: l10n.t("Name"),
    system: l10n.t("Operating system"),
    codeName: l10n.t("Code name"),
    kernel: l10n.t("Kernel"),
    architecture: l10n.t("Architecture"),
    manufacturer: l10n.t("Manufacturer"),
    model: l10n.t("Model"),
    serialNumber: l10n.t("Serial number"),
    virtual: l10n.t("Virtual machine"),
    firmware: l10n.t("Firmware"),
    firmwareDate: l10n.t("Firmware date"),
    timeZone: l10n.t("Time zone"),
    startedAt: l10n.t("Started"),
    cores: l10n.t("Cores"),
    physicalCores: l10n.t("Physical cores"),
    core: l10n.t("Core"),
    speedMhz: l10n.t("Speed"),
    loadPercent: l10n.t("Load"),
    loadAverage: l10n.t("Load average"),
  };
}

function resourceFields(): Words {
  return {
    totalBytes: l10n.t("Total"),
    usedBytes: l10n.t("Used"),
    availableBytes: l10n.t("Available"),
    usedPercent: l10n.t("In use"),
    swapTotalBytes: l10n.t("Swap"),
    swapUsedBytes: l10n.t("Swap in use"),
    slot: l10n.t("Slot"),
    sizeBytes: l10n.t("Size"),
    kind: l10n.t("Kind"),
    mount: l10n.t("Folder"),
    device: l10n.t("Device"),
    connection: l10n.t("Connection"),
    health: l10n.t("Health"),
  };
}

function networkFields(): Words {
  return {
    gateway: l10n.t("Gateway"),
    nameServers: l10n.t("Name servers"),
    state: l10n.t("State"),
    ip4: l10n.t("IPv4 address"),
    ip6: l10n.t("IPv6 address"),
    hardwareAddress: l10n.t("Hardware address"),
    speedMbitPerSecond: l10n.t("Speed"),
    user: l10n.t("User"),
    terminal: l10n.t("Terminal"),
    address: l10n.t("Address"),
    signedInAt: l10n.t("Signed in"),
    userId: l10n.t("User number"),
    fullName: l10n.t("Full name"),
    shell: l10n.t("Shell"),
  };
}

function workFields(): Words {
  return {
    all: l10n.t("All"),
    running: l10n.t("Running"),
    blocked: l10n.t("Blocked"),
    failed: l10n.t("Failed"),
    processId: l10n.t("Process number"),
    memoryBytes: l10n.t("Memory"),
    detail: l10n.t("Detail"),
    start: l10n.t("At start-up"),
    description: l10n.t("Description"),
    version: l10n.t("Version"),
    loggedAt: l10n.t("Time"),
    source: l10n.t("Source"),
    level: l10n.t("Level"),
    message: l10n.t("Message"),
  };
}
