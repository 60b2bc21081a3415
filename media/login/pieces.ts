/** A piece is sent within the time that one request may take, also on a slow line. */
const pieceBytes = 2 * 1024 * 1024;

/**
 * Hands a file on piece by piece, in order.
 * @param told called with the share that has been sent, 0 to 1
 */
export async function inPieces(
  file: Blob,
  send: (at: number, piece: Blob) => Promise<unknown>,
  told: (share: number) => void,
): Promise<void> {
  let at = 0;
  do {
    told(file.size === 0 ? 1 : at / file.size);
    await send(at, file.slice(at, at + pieceBytes));
    at += pieceBytes;
  } while (at < file.size);
  told(1);
}
