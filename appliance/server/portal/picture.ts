import { html, type Html } from "../page/html.ts";

/** What stands in the picture. */
export interface PictureWords {
  /** The line in the terminal. */
  readonly command: string;
  readonly allow: string;
  readonly refuse: string;
}

/**
 * What happens on the screen: a line is put into a terminal, and a window asks. For those who see;
 * the text beside it says the same.
 */
export function startPicture({ command, allow, refuse }: PictureWords): Html {
  return html`<svg class="picture" viewBox="0 0 548 190" aria-hidden="true" focusable="false">
    <g class="terminal">
      <rect x="1" y="21" width="318" height="130" rx="10" />
      <path d="M1 47h318" />
      <circle cx="18" cy="34" r="4" />
      <circle cx="32" cy="34" r="4" />
      <circle cx="46" cy="34" r="4" />
      <text x="16" y="78" class="typed">$ ${command}</text>
      <text x="16" y="102" class="typed">▁</text>
    </g>
    <path class="arrow" d="M326 86h24m-8-8 8 8-8 8" />
    <g class="asking">
      <rect x="358" y="46" width="188" height="110" rx="10" />
      <circle cx="382" cy="72" r="9" class="mark" />
      <path d="M400 68h126M400 78h90M374 100h154" class="words" />
      <rect x="370" y="118" width="79" height="24" rx="6" class="no" />
      <text x="409.5" y="134" class="answer">${refuse}</text>
      <rect x="455" y="118" width="79" height="24" rx="6" class="yes" />
      <text x="494.5" y="134" class="answer on">${allow}</text>
    </g>
  </svg>`;
}
