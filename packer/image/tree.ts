import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { baseArchive } from "./base.ts";
import { run } from "./command.ts";
import { built, inBuilt } from "./places.ts";

/** An unpacked system, which is removed with the object. */
export class Tree implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** The base as mmdebstrap made it, with all owners and rights. */
  static async ofBase(log: string): Promise<Tree> {
    await mkdir(built, { recursive: true });
    const tree = new Tree(await mkdtemp(`${built}/tree-`));
    const rights = ["--numeric-owner", "--xattrs", "--xattrs-include=*"];
    await run("tar", [...rights, "-xf", inBuilt(baseArchive), "-C", tree.folder], { log });
    return tree;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
