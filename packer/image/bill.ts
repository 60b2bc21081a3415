import { createHash } from "node:crypto";
import { toolset } from "./toolset.ts";

/** Something of others that is in the image. */
export interface Component {
  readonly kind: "deb" | "npm";
  readonly name: string;
  readonly version: string;
  /** Debian's, "amd64" or "all". */
  readonly architecture?: string;
}

/**
 * A bill of materials in the CycloneDX format, version 1.5 (ECMA-424). It holds no time but the
 * commit's, so that the same image has the same bill.
 */
export function billOfMaterials(
  about: { name: string; version: string; commit: string; committedAt: number; node: string },
  components: readonly Component[],
): object {
  const { name, version, commit, committedAt, node } = about;
  const parts = [...components.map(describe), describeNode(node)];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([commit, parts]))}`,
    version: 1,
    metadata: {
      timestamp: new Date(committedAt).toISOString(),
      component: { type: "operating-system", "bom-ref": "appliance", name, version },
    },
    components: parts,
  };
}

function describe({ kind, name, version, architecture }: Component): object {
  const purl = kind === "deb" ? debianUrl(name, version, architecture) : npmUrl(name, version);
  return { type: "library", "bom-ref": purl, name, version, purl };
}

function describeNode(version: string): object {
  const purl = `pkg:generic/node@${version}`;
  return { type: "application", "bom-ref": purl, name: "node", version, purl };
}

function debianUrl(name: string, version: string, architecture = "all"): string {
  const named = `${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  return `pkg:deb/debian/${named}?arch=${architecture}&distro=${toolset.debian.suite}`;
}

function npmUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${encodeURIComponent(version)}`;
}

/** A UUID of version 8 (RFC 9562): of our own making, here from a hash. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const marked = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17)}`;
  return marked.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
