import {
  type Channel,
  readSystem,
  type SystemReading,
  type SystemReadOptions,
} from "@handrail/protocol";

/** As `readSystem`; closes the channel in the end. */
export function readAll(
  channel: Channel,
  options: SystemReadOptions,
): Promise<readonly SystemReading[]> {
  return readSystem(channel, options).finally(() => channel.close());
}
