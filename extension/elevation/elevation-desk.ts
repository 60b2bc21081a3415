import {
  type ElevationPurpose,
  encodeText,
  HandrailError,
  type Lsid,
  maxElevationAccountBytes,
  maxElevationPasswordBytes,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import { explained } from "../error-text.ts";
import { messageText } from "../message-text.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import type { Journal } from "../session/journal.ts";
import { permit } from "../session/permit.ts";
import type { Connection } from "../site/connection.ts";
import { withProgress } from "../site/sign-in.ts";
import {
  elevate,
  type ElevatedScript,
  type Elevation,
  NotElevatedError,
  type RightsRequest,
} from "./elevation.ts";
import { elevationRefusalText } from "./refusal-text.ts";

/** What administrator's rights need of the console. */
export interface ElevationPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly journal: Journal;
}

/** What rights are wanted for. */
export interface RightsWanted {
  readonly purpose: ElevationPurpose;
  /** The script that they are for, and what it needs besides: the customer is asked for all at once. */
  readonly script?: ElevatedScript;
}

type Way = vscode.QuickPickItem & { readonly type: RightsRequest["type"] };

/** An administrator's rights on customers' computers: asked for each time, for one thing each. */
export class ElevationDesk {
  readonly #place: ElevationPlace;

  constructor(place: ElevationPlace) {
    this.#place = place;
  }

  /**
   * Asks which way, has the customer asked, and gives the rights.
   * @throws HandrailError in words for the representative; `cancelled` when they think better of it
   */
  async get(lsid: Lsid, { purpose, script }: RightsWanted): Promise<Elevation> {
    const session = this.#session(lsid);
    const { link, conduct } = this.#place;
    const customer = customerName(session);
    const way = await this.#askWay(session);
    await permit({
      ...{ session, conduct, permission: "elevate" },
      title: vscode.l10n.t("Waiting for {0} to allow administrator's rights", customer),
    });
    const title = vscode.l10n.t("Waiting for administrator's rights on {0}'s computer", customer);
    const attempt = (wanted: RightsRequest) =>
      withProgress(title, (_report, signal) =>
        elevate(link.open("elevate", lsid), { wanted, script }, signal),
      );
    const wish: RightsRequest =
      way === "customer" ? { type: way, purpose } : await askAccount(purpose);
    try {
      return await attempt(wish).catch(async (error: unknown) => {
        await offerOwnAccount(error);
        // Nobody types a password for a session that is over by then.
        this.#session(lsid);
        return attempt(await askAccount(purpose));
      });
    } catch (error) {
      if (!(error instanceof NotElevatedError)) throw error;
      const text = elevationRefusalText(error.why, way === "customer");
      throw explained("customer-refused", text, error);
    }
  }

  /** Has the customer's client begin anew with an administrator's rights. @throws as `get` */
  async restartClient(lsid: Lsid): Promise<void> {
    const customer = customerName(this.#session(lsid));
    const rights = await this.get(lsid, { purpose: "client" });
    const title = vscode.l10n.t("{0}'s help begins anew with administrator's rights", customer);
    const { outcome } = await this.#place.conduct.notices
      .waiting(lsid, title, () => this.#place.link.call("action.run", { lsid, action: "elevate" }))
      .finally(() => rights.dispose());
    const isDone = outcome === "done";
    const text = isDone
      ? vscode.l10n.t(
          "The help on {0}'s computer now has administrator's rights. The customer is asked again before anything is seen or done.",
          customer,
        )
      : vscode.l10n.t(
          "The help on {0}'s computer could not begin anew. It goes on without administrator's rights.",
          customer,
        );
    this.#place.conduct.notices.tell(lsid, text, isDone);
  }

  async #askWay(session: SessionView): Promise<Way["type"]> {
    // Programs that a shell or a script started could read what the customer types.
    const isGuarded = !this.#place.journal
      .of(session.lsid)
      .events.some(({ event }) => event === "shell.opened" || event === "script.opened");
    const ways = waysOf(customerName(session), isGuarded);
    const title = vscode.l10n.t("Administrator's rights: who types the password?");
    const way = await vscode.window.showQuickPick(ways, { title, ignoreFocusOut: true });
    if (!way) throw thoughtBetter();
    return way.type;
  }

  #session(lsid: Lsid): SessionView {
    const session = this.#place.board.session(lsid);
    if (session?.state === "active" && this.#place.board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }
}

/** Who can type the password; what is likely to come of it first. */
function waysOf(customer: string, isGuarded: boolean): Way[] {
  const theirs: Way = {
    label: `$(person) ${vscode.l10n.t("{0} types the password", customer.replaceAll("$(", "$ ("))}`,
    detail: vscode.l10n.t("Their own computer asks for it. Nobody else gets to know it."),
    type: "customer",
  };
  const own: Way = {
    label: `$(key) ${vscode.l10n.t("I type an account and its password")}`,
    detail: vscode.l10n.t(
      "Of an administrator of the customer's computer. They are used once and kept nowhere.",
    ),
    type: "credentials",
  };
  if (isGuarded) return [theirs, own];
  const why = vscode.l10n.t("Not in this session: a shell or a script has run in it");
  return [own, { ...theirs, description: why }];
}

/**
 * Where the customer cannot type a password now: says why, and offers to type one here instead.
 * @throws the error when it is another one, or nobody wants to
 */
async function offerOwnAccount(error: unknown): Promise<void> {
  if (!(error instanceof NotElevatedError)) throw error;
  if (error.why !== "unguarded" && error.why !== "no-window") throw error;
  const label = vscode.l10n.t("I type an account and its password");
  const text = messageText(elevationRefusalText(error.why));
  if ((await vscode.window.showWarningMessage(text, label)) !== label) throw thoughtBetter();
}

async function askAccount(purpose: ElevationPurpose): Promise<RightsRequest> {
  const account = await typed(vscode.l10n.t("Account of an administrator"), {
    maxBytes: maxElevationAccountBytes,
    password: false,
  });
  const password = await typed(vscode.l10n.t("Password of {0}", account), {
    maxBytes: maxElevationPasswordBytes,
    password: true,
  });
  return { type: "credentials", purpose, account, password: encodeText(password) };
}

async function typed(
  title: string,
  { maxBytes, password }: { maxBytes: number; password: boolean },
): Promise<string> {
  const text = await vscode.window.showInputBox({
    ...{ title, password, ignoreFocusOut: true },
    validateInput: (value) =>
      encodeText(value).length > maxBytes ? vscode.l10n.t("This is too long.") : undefined,
  });
  if (!text) throw thoughtBetter();
  return text;
}

function thoughtBetter(): HandrailError {
  return new HandrailError("cancelled", "the representative thought better of it");
}
