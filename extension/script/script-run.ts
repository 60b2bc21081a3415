import {
  type Channel,
  HandrailError,
  scriptConsoleMessage,
  scriptCustomerMessage,
  type ScriptEnd,
  scriptEnds,
  toHandrailError,
} from "@handrail/protocol";

/** What a run tells while it goes on. */
export interface RunListener {
  /** What the script writes; the bytes may be kept. */
  output(stream: "stdout" | "stderr", bytes: Uint8Array): void;
}

/** How a run ended. `code` negative: ended by that signal. */
export interface RunEnd {
  readonly code: number;
  readonly durationMs: number;
  readonly why: ScriptEnd;
}

/**
 * Follows a run on its `script` channel to its end, and cancels it when the signal is aborted: its
 * last words and its end still come.
 * @throws HandrailError why the channel ended before the script did
 */
export function followRun(
  channel: Channel,
  listener: RunListener,
  signal: AbortSignal,
): Promise<RunEnd> {
  const cancel = () => channel.send(scriptConsoleMessage.encode({ type: "cancel" }));
  const following = new Promise<RunEnd>((resolve, reject) => {
    channel.listener = {
      message: (bytes) => {
        try {
          const end = take(bytes, listener);
          if (end) resolve(end);
        } catch (error) {
          reject(toHandrailError(error));
        }
      },
      closed: (code) => reject(new HandrailError(code ?? "unavailable", "the channel ended")),
    };
    signal.addEventListener("abort", cancel);
    if (signal.aborted) cancel();
  });
  return following.finally(() => {
    signal.removeEventListener("abort", cancel);
    channel.close();
  });
}

function take(bytes: Uint8Array, listener: RunListener): RunEnd | undefined {
  const message = scriptCustomerMessage.decode(bytes);
  switch (message.type) {
    case "started":
      return undefined;
    case "stdout":
    case "stderr":
      listener.output(message.type, message.bytes);
      return undefined;
    case "ended": {
      const { code, durationMs } = message;
      const why = scriptEnds[message.why];
      if (why) return { code, durationMs, why };
      throw new HandrailError("protocol-violation", "an end of no kind");
    }
  }
}
