import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../support/root.ts";
import { Scene } from "../../support/scene.ts";
import { Visit } from "../../support/visit.ts";
import { builtClient } from "../screen/customer.ts";
import { ConsoleDisk } from "./console-disk.ts";

/** What files are moved between, and the processes that move them. */
export interface Ground {
  /** For whatever is moved, on this computer. */
  readonly folder: string;
  readonly disk: ConsoleDisk;
  readonly pids: Readonly<Record<"client" | "appliance", number>>;
}

/** A session with the built client, in which files may be read and written; gone with the stack. */
export async function openGround(stack: AsyncDisposableStack): Promise<Ground> {
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-files-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const { appliance, desktop } = stack.use(await Scene.start());
  const command = [path.join(root, "node_modules/.bin/node"), path.join(builtClient, "app.mjs")];
  const visit = stack.use(await Visit.begin({ appliance, desktop, command }));
  for (const permission of ["files", "files-write"] as const) await visit.grant(permission);
  const disk = stack.use(await ConsoleDisk.open(visit.representative, visit.lsid));
  const pids = { client: visit.client.program.pid, appliance: appliance.program.pid };
  return { folder, disk, pids };
}
