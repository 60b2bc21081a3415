import { HandrailError, type Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import type { CommandTable } from "../commands.ts";
import { type DropPlace, placeOf } from "./drag-and-drop.ts";
import { addToExplorer } from "./explorer.ts";
import { about, type FileDesk } from "./file-desk.ts";
import type { PlaceNode } from "./file-node.ts";
import { nodesOf } from "./file-tree.ts";
import type { Mount } from "./mounts.ts";
import type { Transfer, TransferState } from "./transfer.ts";
import { transferName, transferOf } from "./transfer-tree.ts";

type FileCommands = Pick<
  CommandTable,
  Extract<keyof CommandTable, `handrail.files.${string}` | `handrail.transfer.${string}`>
>;

/** Which session a command is called for. */
type SessionOf = (target: unknown) => Promise<Lsid | undefined>;

/** The commands about customers' files and about transfers. */
export function fileCommands(desk: FileDesk, sessionOf: SessionOf): FileCommands {
  const inPlace =
    (act: (place: DropPlace) => Promise<void>) => async (target?: unknown, selected?: unknown) => {
      const [node] = nodesOf(target, selected, desk.tree);
      const place = (node && placeOf(node)) ?? (await homeOf(desk, await sessionOf(target)));
      if (place) await about([], () => act(place));
    };
  const withPlaces =
    (act: (nodes: readonly PlaceNode[]) => Promise<void>) =>
    async (target?: unknown, selected?: unknown) => {
      const nodes = nodesOf(target, selected, desk.tree).filter(
        (node): node is PlaceNode => node.kind === "file" || node.kind === "folder",
      );
      const same = nodes.filter(({ lsid }) => lsid === nodes[0]?.lsid);
      if (same.length === 0) throw new HandrailError("not-found", "no file is selected");
      await about(same, () => act(same));
    };
  return {
    "handrail.files.browse": async (target?: unknown) => {
      const lsid = await sessionOf(target);
      if (lsid) await desk.browse(lsid);
    },
    "handrail.files.open": withPlaces(async ([node]) => {
      if (node) await desk.open(node);
    }),
    "handrail.files.newFile": inPlace(({ mount, folder }) => desk.actions.newFile(mount, folder)),
    "handrail.files.newFolder": inPlace(({ mount, folder }) =>
      desk.actions.newFolder(mount, folder),
    ),
    "handrail.files.rename": withPlaces(async ([node]) => {
      if (node?.entry) await desk.actions.rename(node);
    }),
    "handrail.files.delete": withPlaces((nodes) =>
      desk.actions.remove(nodes.filter(({ entry }) => entry !== undefined)),
    ),
    "handrail.files.search": inPlace((place) => desk.search(place)),
    "handrail.files.upload": inPlace((place) => pickAndUpload(desk, place, false)),
    "handrail.files.uploadFolder": inPlace((place) => pickAndUpload(desk, place, true)),
    "handrail.files.download": withPlaces(async (nodes) => {
      const paths = nodes.map(({ path }) => path);
      if (nodes[0]) await desk.download(nodes[0].mount, paths);
    }),
    "handrail.files.copyPath": withPlaces((nodes) =>
      Promise.resolve(vscode.env.clipboard.writeText(nodes.map(({ path }) => path).join("\n"))),
    ),
    "handrail.files.refresh": () => desk.tree.refresh(),
    "handrail.files.addToExplorer": inPlace(({ mount }) => addToExplorer(mount)),
    "handrail.files.close": inPlace(({ mount }) => Promise.resolve(desk.mounts.close(mount))),
    ...transferCommands(desk),
  };
}

function transferCommands(desk: FileDesk) {
  const withOne =
    (states: readonly TransferState[], act: (transfer: Transfer) => unknown) =>
    async (target?: unknown) => {
      const transfer = transferOf(target) ?? (await pickTransfer(desk, states));
      if (transfer) await act(transfer);
    };
  return {
    "handrail.transfer.pause": withOne(["running", "waiting", "interrupted"], (transfer) =>
      transfer.pause(),
    ),
    "handrail.transfer.resume": withOne(["paused", "failed"], (transfer) => transfer.resume()),
    "handrail.transfer.cancel": withOne(
      ["running", "waiting", "interrupted", "paused", "failed"],
      (transfer) => desk.cancel(transfer),
    ),
    "handrail.transfer.clear": () => desk.transfers.clearDone(),
  } as const;
}

/** The home folder of a session's computer, its disk opened where it is not. */
async function homeOf(desk: FileDesk, lsid: Lsid | undefined): Promise<DropPlace | undefined> {
  if (!lsid) return undefined;
  const known = desk.mounts.get(lsid);
  const mount: Mount = known?.home === undefined ? await desk.browse(lsid) : known;
  return { mount, folder: mount.home ?? "/" };
}

async function pickAndUpload(desk: FileDesk, place: DropPlace, isFolder: boolean): Promise<void> {
  const uris = await vscode.window.showOpenDialog({
    ...{ canSelectFiles: !isFolder, canSelectFolders: isFolder, canSelectMany: true },
    title: vscode.l10n.t("Upload to {0} on {1}", place.folder, place.mount.name),
    openLabel: vscode.l10n.t("Upload"),
  });
  await desk.upload(place, uris ?? []);
}

async function pickTransfer(
  desk: FileDesk,
  states: readonly TransferState[],
): Promise<Transfer | undefined> {
  const fitting = desk.transfers.all.filter(({ state }) => states.includes(state));
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no such transfer."));
  }
  if (fitting.length < 2) return fitting[0];
  const picked = await vscode.window.showQuickPick(
    fitting.map((transfer) => ({
      label: transferName(transfer),
      description: transfer.plan.computer,
      transfer,
    })),
    { title: vscode.l10n.t("Which transfer?") },
  );
  return picked?.transfer;
}
