/**
 * Versions of the wire. 1: hello and welcome, control messages, screen and input channels.
 * An end offers all versions that it speaks; the other takes the highest in common.
 */
export const protocolVersions: readonly number[] = [1];

/** The version to speak, or undefined when there is none in common. */
export function negotiate(offered: readonly number[]): number | undefined {
  const common = protocolVersions.filter((version) => offered.includes(version));
  return common.length > 0 ? Math.max(...common) : undefined;
}
