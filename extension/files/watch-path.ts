import type { FileKind } from "@handrail/protocol";
import type { Disk } from "./disk.ts";
import { parentOf, type RemotePath } from "./remote-path.ts";

/**
 * Watches a folder, or a file by the folder that holds it: a file that is replaced, as by each save,
 * is another than the one that was watched.
 */
export function watchPath(
  disk: Disk,
  path: RemotePath,
  changed: (paths: readonly RemotePath[]) => void,
): { dispose(): void } {
  const folder = parentOf(path);
  let isOver = false;
  let watch: { dispose(): void } | undefined;
  const begin = (kind: FileKind) => {
    if (isOver) return;
    watch =
      kind === "folder"
        ? disk.watch(path, changed)
        : disk.watch(folder, (paths) => {
            if (paths.includes(path) || paths.includes(folder)) changed([path]);
          });
  };
  // What is not there yet may come.
  void disk.stat(path).then(
    ({ leadsTo }) => begin(leadsTo),
    () => begin("none"),
  );
  return {
    dispose: () => {
      isOver = true;
      watch?.dispose();
    },
  };
}
