import { Agent, request } from "node:https";

/** What an appliance answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as it came, where it is no text. */
  readonly bytes: Buffer;
}

/** What an appliance is asked; `json`, `form` or `bytes` is sent as the body. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly form?: string;
  readonly bytes?: Buffer;
  /** Address of this machine to ask from, within 127.0.0.0/8. */
  readonly from?: string;
}

/**
 * Asks one appliance over HTTPS, and takes whichever certificate it has: tests of the certificate
 * itself check it, elsewhere it is the one that was just made.
 */
export class Asking implements Disposable {
  readonly #url: () => string;
  readonly #agent = new Agent({ rejectUnauthorized: false, keepAlive: true });

  constructor(url: () => string) {
    this.#url = url;
  }

  ask(where: string, options: Asked = {}): Promise<Answer> {
    const { from } = options;
    const [type, body] = bodyOf(options);
    return new Promise((resolve, reject) => {
      const asked = request(
        new URL(where, this.#url()),
        {
          agent: from === undefined ? this.#agent : false,
          rejectUnauthorized: false,
          ...(from === undefined ? {} : { localAddress: from }),
          method: options.method ?? (body === undefined ? "GET" : "POST"),
          headers: { ...(body === undefined ? {} : { "content-type": type }), ...options.headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const { statusCode: status = 0, headers } = response;
            const bytes = Buffer.concat(chunks);
            resolve({ status, headers, text: bytes.toString(), bytes });
          });
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

function bodyOf({ form, json, bytes }: Asked) {
  if (bytes) return ["application/octet-stream", bytes] as const;
  if (form !== undefined) return ["application/x-www-form-urlencoded", form] as const;
  return ["application/json", json === undefined ? undefined : JSON.stringify(json)] as const;
}
