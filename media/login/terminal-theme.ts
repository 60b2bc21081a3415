/** A set of colours of a terminal, as xterm.js names them. */
export type TerminalTheme = Readonly<Record<string, string>>;

const light = {
  background: "#ffffff",
  foreground: "#1b2424",
  cursor: "#1b2424",
  selectionBackground: "#a3d9c8",
  black: "#1b2424",
  red: "#a32015",
  green: "#17574a",
  yellow: "#7a5b00",
  blue: "#1f4fa3",
  magenta: "#8a2a86",
  cyan: "#0b6577",
  white: "#55625f",
} as const;

const dark = {
  background: "#101415",
  foreground: "#e9eeec",
  cursor: "#e9eeec",
  selectionBackground: "#17574a",
  black: "#7f8c89",
  red: "#ff9d91",
  green: "#7fd0b9",
  yellow: "#e3c56b",
  blue: "#93b9ff",
  magenta: "#e6a4e2",
  cyan: "#7fd3e3",
  white: "#e9eeec",
} as const;

const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** The colours of recorded shells beside pages that are light or dark; bright ones are as bright. */
export function terminalTheme(scheme: "light" | "dark"): TerminalTheme {
  const theme = scheme === "dark" ? dark : light;
  const bright = colours.map((name) => [
    `bright${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    theme[name],
  ]);
  return { ...theme, ...(Object.fromEntries(bright) as Record<string, string>) };
}
