import { ApiError, refusalOf } from "../request.ts";
import { inPieces } from "../pieces.ts";

/** What is to be restored. */
export interface RestoreRequest {
  readonly code: string;
  readonly passphrase: string;
  readonly file: Blob;
}

/** What was restored. `createdAt` in Unix ms. */
export interface Restored {
  readonly host: string;
  readonly createdAt: number;
}

/**
 * Sends a backup to an appliance that is not set up, piece by piece, and has it restored.
 * @param told called with the share that has been sent, 0 to 1
 * @throws ApiError
 */
export async function sendBackup(
  { code, passphrase, file }: RestoreRequest,
  told: (share: number) => void,
): Promise<Restored> {
  const type = "application/octet-stream";
  const send = (at: number, body: Blob) => ask(`restore/piece?at=${at}`, { code, type, body });
  await inPieces(file, send, told);
  const body = JSON.stringify({ passphrase });
  const answer = await ask("restore", { code, type: "application/json", body });
  return (await answer.json()) as Restored;
}

async function ask(
  where: string,
  { code, type, body }: { code: string; type: string; body: BodyInit },
): Promise<Response> {
  const headers = {
    accept: "application/json",
    "content-type": type,
    // A header takes no other characters; a code has none.
    "x-handrail-set-up-code": code.replace(/[^\x20-\x7e]/g, ""),
  };
  const response = await fetch(`/login/api/${where}`, { method: "POST", headers, body }).catch(
    (cause: unknown) => {
      throw new ApiError({ message: "no answer", cause });
    },
  );
  if (!response.ok) throw await refusalOf(response);
  return response;
}
