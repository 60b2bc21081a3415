const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** Colours of VS Code's own terminal in the theme that is chosen, as xterm.js names them. */
export function terminalTheme(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  const read = (...names: readonly string[]) =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((v) => v !== "");
  const pairs: (readonly [string, string | undefined])[] = [
    ["background", read("terminal-background", "panel-background", "editor-background")],
    ["foreground", read("terminal-foreground", "editor-foreground")],
    ["cursor", read("terminalCursor-foreground", "terminal-foreground", "editor-foreground")],
    ["selectionBackground", read("terminal-selectionBackground", "editor-selectionBackground")],
    ...colours.flatMap((name) => {
      const capital = name.charAt(0).toUpperCase() + name.slice(1);
      return [
        [name, read(`terminal-ansi${capital}`)],
        [`bright${capital}`, read(`terminal-ansiBright${capital}`)],
      ] as const;
    }),
  ];
  const known = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(known) as Record<string, string>;
}

/** The font of the editor: always there, and of one width. */
export function terminalFont(): string {
  const style = getComputedStyle(document.documentElement);
  return style.getPropertyValue("--vscode-editor-font-family").trim() || "monospace";
}
