/** What `systeminformation` lacks, read from the system's own programs. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { type Found, listOf, reportOf } from "./report.ts";

const run = promisify(execFile);
const maxOutputBytes = 32 * 1024 * 1024;
const timeLimitMs = 15_000;
const recentErrors = 100;
const kib = 1024;

async function output(program: string, ...args: readonly string[]): Promise<string> {
  const limits = { maxBuffer: maxOutputBytes, timeout: timeLimitMs };
  return (await run(program, args, limits)).stdout;
}

/** Whether the error says that there is no such program. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Installed packages, as dpkg knows them, or rpm. */
export async function readSoftware() {
  const packages = await dpkgPackages().catch((error: unknown) => {
    if (isMissing(error)) return rpmPackages();
    throw error;
  });
  return reportOf({ all: packages.length }, [listOf("software", packages)]);
}

async function dpkgPackages(): Promise<Found[]> {
  const fields = ["db:Status-Abbrev", "Package", "Version", "Architecture", "Installed-Size"];
  const format = `${fields.map((field) => `\${${field}}`).join("\\t")}\\n`;
  return parsePackages(await output("dpkg-query", "--show", `--showformat=${format}`));
}

async function rpmPackages(): Promise<Found[]> {
  const format = "ii \\t%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SIZE}\\n";
  const packages = parsePackages(await output("rpm", "-qa", "--queryformat", format));
  // rpm counts in bytes.
  return packages.map(({ sizeBytes, ...rest }) => ({
    ...rest,
    sizeBytes: Number(sizeBytes) / kib,
  }));
}

/** Lines of state, name, version, architecture and size in KiB, of which those installed count. */
export function parsePackages(lines: string): Found[] {
  return lines
    .split("\n")
    .map((line) => line.split("\t"))
    .filter(([state, name]) => state?.startsWith("ii") && name)
    .map(([, name, version, architecture, size]) => ({
      ...{ name, version, architecture },
      sizeBytes: size ? Number(size) * kib : undefined,
    }));
}

/** Services as systemd knows them. Failed ones first. */
export async function readServices() {
  const [units, files] = await Promise.all([
    output("systemctl", "list-units", "--type=service", "--all", "--plain", ...quiet),
    output("systemctl", "list-unit-files", "--type=service", ...quiet),
  ]);
  const services = parseServices(units, files);
  const isFailed = ({ state }: Found): number => (state === "failed" ? 0 : 1);
  return reportOf(
    {
      all: services.length,
      running: services.filter(({ detail }) => detail === "running").length,
      failed: services.filter(({ state }) => state === "failed").length,
    },
    [
      listOf(
        "services",
        services.toSorted((a, b) => isFailed(a) - isFailed(b)),
      ),
    ],
  );
}

const quiet = ["--no-legend", "--no-pager", "--full"];

/** `units`: UNIT LOAD ACTIVE SUB DESCRIPTION; `files`: UNIT STATE PRESET. */
export function parseServices(units: string, files: string): Found[] {
  const starts = new Map(
    files.split("\n").map((line) => {
      const [unit = "", state] = line.trim().split(/\s+/);
      return [unit, state] as const;
    }),
  );
  return units.split("\n").flatMap((line) => {
    const [, unit, load, state, detail, description] =
      /^\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (!unit || load === "not-found") return [];
    const name = unit.replace(/\.service$/, "");
    return [{ name, state, detail, start: starts.get(unit), description }];
  });
}

const entryShape = z.object({
  __REALTIME_TIMESTAMP: z.string(),
  PRIORITY: z.string().optional(),
  SYSLOG_IDENTIFIER: z.string().optional(),
  _COMM: z.string().optional(),
  _SYSTEMD_UNIT: z.string().optional(),
  // Bytes that are not UTF-8 come as numbers; null: too long to be shown.
  MESSAGE: z.union([z.string(), z.array(z.number()), z.null()]).optional(),
});

/** The latest errors in the system's log that this user may read, newest first. */
export async function readErrors() {
  const args = ["--priority=err", `--lines=${recentErrors}`, "--output=json", "--no-pager"];
  const entries = parseErrors(await output("journalctl", "--reverse", ...args));
  return reportOf({}, [listOf("errors", entries)]);
}

/** One JSON object to a line. What is not one is passed over. */
export function parseErrors(lines: string): Found[] {
  return lines.split("\n").flatMap((line) => {
    const entry = entryOf(line);
    if (!entry) return [];
    const { MESSAGE: message } = entry;
    return [
      {
        loggedAt: Math.floor(Number(entry.__REALTIME_TIMESTAMP) / 1000),
        source: entry.SYSLOG_IDENTIFIER ?? entry._COMM ?? entry._SYSTEMD_UNIT,
        level: entry.PRIORITY === undefined ? undefined : Number(entry.PRIORITY),
        message: Array.isArray(message) ? Buffer.from(message).toString("utf8") : message,
      },
    ];
  });
}

function entryOf(line: string): z.infer<typeof entryShape> | undefined {
  if (!line.startsWith("{")) return undefined;
  return entryShape.safeParse(JSON.parse(line)).data;
}
