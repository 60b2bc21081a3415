import {
  type Channel,
  elevateConsoleMessage,
  type ElevateConsoleMessage,
  elevateCustomerMessage,
  type ElevationRefusal,
  HandrailError,
  type Permission,
  scriptNeeds,
  toHandrailError,
} from "@handrail/protocol";

/** The customer's computer gives no administrator's rights; `why`: as its client says. */
export class NotElevatedError extends HandrailError {
  readonly why: ElevationRefusal;

  constructor(why: ElevationRefusal) {
    super("customer-refused", `no rights: ${why}`);
    this.name = "NotElevatedError";
    this.why = why;
  }
}

/** An administrator's rights for one thing, until they are disposed of. */
export interface Elevation {
  /** What they are called where they are used. */
  readonly grant: string;
  /** Ends them, and what runs with them. */
  dispose(): void;
}

/** Who types the password, and for what. */
export type RightsRequest = Exclude<ElevateConsoleMessage, { type: "script" }>;

/** A script that is to run with an administrator's rights, and what it needs besides. */
export interface ElevatedScript {
  readonly name: string;
  readonly needs: readonly Permission[];
  /** SHA-256 in hex: of the document of a canned one, else of the text. */
  readonly sha256: string;
}

/**
 * Asks for an administrator's rights on a channel of kind `elevate`. The bytes of a password are
 * overwritten once they are on their way.
 * @throws NotElevatedError; HandrailError why the channel ended, `cancelled` when the signal says so
 */
export function elevate(
  channel: Channel,
  { wanted, script }: { wanted: RightsRequest; script?: ElevatedScript | undefined },
  signal: AbortSignal,
): Promise<Elevation> {
  const bytes = elevateConsoleMessage.encode(wanted);
  if (wanted.type === "credentials") wanted.password.fill(0);
  let stop: () => void = () => undefined;
  const asked = new Promise<Elevation>((resolve, reject) => {
    stop = () => reject(new HandrailError("cancelled", "nobody wants the rights any more"));
    channel.listener = {
      message: (answer) => {
        // The customer's end has them, so that they are not sent once more.
        bytes.fill(0);
        try {
          resolve(elevationOf(channel, answer));
        } catch (error) {
          reject(toHandrailError(error));
        }
      },
      closed: (code) => reject(new HandrailError(code ?? "unavailable", "the channel ended")),
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    else {
      if (script) channel.send(aboutOf(script));
      channel.send(bytes);
    }
  });
  return asked
    .catch((error: unknown) => {
      channel.close();
      throw error;
    })
    .finally(() => signal.removeEventListener("abort", stop));
}

function aboutOf({ name, needs, sha256 }: ElevatedScript): Uint8Array {
  return elevateConsoleMessage.encode({ type: "script", name, needs: scriptNeeds(needs, sha256) });
}

function elevationOf(channel: Channel, answer: Uint8Array): Elevation {
  const message = elevateCustomerMessage.decode(answer);
  if (message.type === "refused") throw new NotElevatedError(message.why);
  return { grant: message.grant, dispose: () => channel.close() };
}
