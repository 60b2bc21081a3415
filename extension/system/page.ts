/**
 * A snapshot as a page of a webview: charts of what is in use, then every value. It has no script:
 * it is read like any document, by keyboard and screen reader. Values come from the customer's
 * computer: nothing in them works as HTML.
 */
import {
  type SystemBar,
  barsOf,
  type SystemFields,
  type SystemList,
  type SystemReport,
  type SystemWords,
  timeText,
  valueText,
} from "@handrail/protocol";
import type { Reading, Snapshot } from "./snapshot.ts";

/** Longer lists are folded, so that what comes after them is found. */
const foldedFrom = 25;
/** From here on a bar is drawn in the colour of errors. */
const highPercent = 90;

/** The HTML of a snapshot, or of the readings given. `nonce`: new for each page. */
export function pageOf(
  snapshot: Snapshot,
  words: SystemWords,
  { nonce, readings = snapshot.readings }: { nonce: string; readings?: readonly Reading[] },
): string {
  const { customer, computer, takenAt } = snapshot;
  const title = words.title(computer || customer);
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="${html(words.language)}">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${html(policy)}" />
<title>${html(title)}</title>
<style nonce="${html(nonce)}">${style}</style>
</head>
<body>
<main>
<h1>${html(title)}</h1>
<p>${html(words.customer)}: ${html(customer)} · ${html(words.readAt)}: ${html(timeText(takenAt, words.language))}</p>
${readings.length > 1 ? contents(readings, words) : ""}
${readings.map((reading) => section(reading, words)).join("\n")}
</main>
</body>
</html>
`;
}

const style = `
body { color: var(--vscode-foreground); padding: 0 24px 24px; max-width: 1100px; }
h2 { margin-top: 28px; border-bottom: 1px solid var(--vscode-panel-border); padding-bottom: 4px; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; }
a { color: var(--vscode-textLink-foreground); }
a:focus-visible, summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
.chart { list-style: none; padding: 0; margin: 12px 0; }
.chart li { display: grid; grid-template-columns: 12em 1fr 16em; gap: 12px; align-items: center;
  margin: 6px 0; }
.chart span { overflow-wrap: anywhere; }
.chart svg { width: 100%; height: 14px; }
.whole { fill: var(--vscode-editorWidget-background); stroke: var(--vscode-descriptionForeground);
  stroke-opacity: 0.5; }
.used { fill: var(--vscode-charts-blue); }
.high { fill: var(--vscode-charts-red); }
dl { display: grid; grid-template-columns: minmax(10em, max-content) 1fr; gap: 4px 16px; }
dt { color: var(--vscode-descriptionForeground); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: 8px 0; width: 100%; }
caption { text-align: start; font-weight: 600; padding: 8px 0 4px; }
th, td { text-align: start; padding: 3px 10px 3px 0; vertical-align: top; overflow-wrap: anywhere;
  border-bottom: 1px solid var(--vscode-panel-border); }
summary { cursor: pointer; font-weight: 600; padding: 8px 0; }
`;

function contents(readings: readonly Reading[], words: SystemWords): string {
  const links = readings.map(
    ({ category }) => `<li><a href="#${html(category)}">${html(words.category(category))}</a></li>`,
  );
  return `<nav><ul>${links.join("")}</ul></nav>`;
}

function section(reading: Reading, words: SystemWords): string {
  const { category, answer } = reading;
  const head = `<section id="${html(category)}"><h2>${html(words.category(category))}</h2>`;
  if (answer.answer === "failed") {
    return `${head}<p>${html(words.failed(category, answer.reason))}</p></section>`;
  }
  return `${head}${chart(barsOf(reading, words))}${report(answer.report, words)}</section>`;
}

/** What a bar shows stands beside it as text: the drawing is for eyes alone. */
function chart(bars: readonly SystemBar[]): string {
  if (bars.length === 0) return "";
  const items = bars.map(({ label, percent, text }) => {
    const colour = percent >= highPercent ? "high" : "used";
    const drawn =
      `<svg aria-hidden="true" preserveAspectRatio="none">` +
      `<rect class="whole" width="100%" height="100%" />` +
      `<rect class="${colour}" width="${percent.toFixed(1)}%" height="100%" /></svg>`;
    return `<li><span>${html(label)}</span>${drawn}<span>${html(text)}</span></li>`;
  });
  return `<ul class="chart">${items.join("")}</ul>`;
}

function report({ facts, lists }: SystemReport, words: SystemWords): string {
  const known = Object.entries(facts).map(
    ([name, value]) =>
      `<dt>${html(words.field(name))}</dt><dd>${html(valueText(name, value, words))}</dd>`,
  );
  const list = known.length > 0 ? `<dl>${known.join("")}</dl>` : "";
  return list + lists.map((each) => table(each, words)).join("");
}

function table({ name, rows, omitted }: SystemList, words: SystemWords): string {
  const title = `${words.list(name)} (${rows.length + omitted})`;
  if (rows.length === 0) return `<p>${html(words.list(name))}: ${html(words.empty)}</p>`;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const head = columns.map((column) => `<th scope="col">${html(words.field(column))}</th>`);
  const body = rows.map((row) => `<tr>${cells(row, columns, words)}</tr>`);
  const more = omitted > 0 ? `<p>${html(words.omitted(omitted))}</p>` : "";
  const made =
    `<table><caption>${html(title)}</caption><thead><tr>${head.join("")}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table>${more}`;
  return rows.length < foldedFrom
    ? made
    : `<details><summary>${html(title)}</summary>${made}</details>`;
}

function cells(row: SystemFields, columns: readonly string[], words: SystemWords): string {
  return columns
    .map((column, place) => {
      const value = row[column];
      const text = value === undefined ? "" : html(valueText(column, value, words));
      return place === 0 ? `<th scope="row">${text}</th>` : `<td>${text}</td>`;
    })
    .join("");
}

/** Text that HTML shows as it is. */
function html(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
  return text.replace(/[&<>"]/g, (char) => `&${names[char] ?? ""};`);
}
