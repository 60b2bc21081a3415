/** What the host must fill in to show a pane. */
export interface PaneDocument {
  readonly pane: "session" | "player" | "shell-player";
  readonly language: string;
  readonly title: string;
  /** 16 random bytes or more, as hex or base64; new for each document. */
  readonly nonce: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** The address of a file below `dist`, as `webview.asWebviewUri` gives it. */
  readonly asset: (file: string) => string;
}

/**
 * The HTML of a pane with its content security policy: own scripts by nonce, own styles, sockets to
 * this machine only, pictures from data (the remote pointer's shape). Files used:
 * `media/pane/<pane>.js` and `media/pane/<pane>.css`.
 */
export function paneDocument(options: PaneDocument): string {
  const { pane, nonce, cspSource, asset } = options;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    ...styleRules(options),
    `img-src ${cspSource} data:`,
    `font-src ${cspSource}`,
    "connect-src ws://127.0.0.1:*",
  ].join("; ");
  return `<!doctype html>
<html lang="${escape(options.language)}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escape(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escape(options.title)}</title>
    <link rel="stylesheet" href="${escape(asset(`media/pane/${pane}.css`))}" />
  </head>
  <body>
    <main id="pane"></main>
    <script nonce="${escape(nonce)}" src="${escape(asset(`media/pane/${pane}.js`))}"></script>
  </body>
</html>
`;
}

/** xterm.js makes style sheets, by nonce, and colours single characters where they stand. */
function styleRules({ pane, nonce, cspSource }: PaneDocument): string[] {
  if (pane !== "shell-player") return [`style-src ${cspSource}`];
  return [`style-src ${cspSource} 'nonce-${nonce}'`, "style-src-attr 'unsafe-inline'"];
}

function escape(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
  return text.replace(/[&<>"]/g, (char) => `&${names[char] ?? ""};`);
}
