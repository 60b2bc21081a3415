import {
  type Channel,
  HandrailError,
  type SystemAct,
  systemActAnswer,
  type SystemActAnswer,
  systemActRequest,
  toHandrailError,
} from "@handrail/protocol";

/**
 * Has one thing done on a channel of kind `system-act`, and closes it.
 * @throws HandrailError why the channel ended; `protocol-violation`; the signal's reason
 */
export function act(
  channel: Channel,
  wanted: SystemAct,
  { signal }: { signal: AbortSignal },
): Promise<SystemActAnswer> {
  const id = 1;
  let stop: () => void = () => undefined;
  const done = new Promise<SystemActAnswer>((resolve, reject) => {
    stop = () => reject(toHandrailError(signal.reason));
    channel.listener = {
      message: (bytes) => {
        try {
          const answer = systemActAnswer.decode(bytes);
          if (answer.id === id) return resolve(answer);
          throw new HandrailError("protocol-violation", "an answer to another question");
        } catch (error) {
          reject(toHandrailError(error));
        }
      },
      closed: (code) => reject(new HandrailError(code ?? "unavailable", "the channel ended")),
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    else channel.send(systemActRequest.encode({ id, wanted }));
  });
  return done.finally(() => {
    signal.removeEventListener("abort", stop);
    channel.close();
  });
}
