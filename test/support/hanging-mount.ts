import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";

/**
 * A disk that does not answer, as a network drive whose server is gone: a file system in user space
 * (fuse(4)) with nobody behind it. Whoever touches it waits until it is let go of.
 */
export class HangingMount implements Disposable {
  readonly path: string;
  #descriptor: number | undefined;

  /** Whether this machine lets the tests mount one. */
  static get isPossible(): boolean {
    if (process.geteuid?.() !== 0) return false;
    try {
      closeSync(openSync("/dev/fuse", "r+"));
      execFileSync("unshare", ["-m", "true"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  }

  constructor(path: string) {
    mkdirSync(path);
    this.path = path;
    const descriptor = openSync("/dev/fuse", "r+");
    this.#descriptor = descriptor;
    const options = "fd=3,rootmode=40000,user_id=0,group_id=0";
    const stdio: ("ignore" | number)[] = ["ignore", "ignore", "ignore", descriptor];
    execFileSync("mount", ["-i", "-t", "fuse", "-o", options, "none", path], { stdio });
  }

  /** Whoever waits is told that there is nothing (ENOTCONN). */
  letGo(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  [Symbol.dispose](): void {
    this.letGo();
    execFileSync("umount", ["-l", this.path]);
  }
}
