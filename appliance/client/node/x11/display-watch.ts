import { Connection, type ConnectionOptions } from "./connection.ts";

/** Knows whether an X display is still there. */
export interface DisplayWatch extends Disposable {
  /** Asks the display itself: what has just gone counts as gone. */
  isGone(): boolean;
}

/**
 * Holds a connection to the display that nothing else uses, so that it breaks only when the display
 * goes: the server crashed, was ended, or its user has logged out. `lost` is called once, soon after.
 * Throws when there is no such display, or it refuses.
 */
export function watchDisplay(options: ConnectionOptions, lost: () => void): DisplayWatch {
  const connection = new Connection(options);
  connection.onLost(lost);
  return {
    isGone: () => {
      // A round trip: an end of which the socket has not told yet is noticed by it.
      connection.trap(() => undefined);
      return connection.isLost;
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}
