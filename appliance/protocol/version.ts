/**
 * Versions of the wire. 1: hello and welcome, control messages, screen and input channels.
 * 2: the surface stream restarts (`restart`), and rests while nobody looks (`hold`).
 * An end offers all versions that it speaks; the other takes the highest in common.
 */
export const protocolVersions: readonly number[] = [1, 2];

/** From this version on a surface stream may restart and be held. */
export const restartsSinceVersion = 2;

/** The version to speak, or undefined when there is none in common. */
export function negotiate(offered: readonly number[]): number | undefined {
  const common = protocolVersions.filter((version) => offered.includes(version));
  return common.length > 0 ? Math.max(...common) : undefined;
}
