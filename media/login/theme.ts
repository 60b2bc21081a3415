import { createTheme, type MantineColorsTuple } from "@mantine/core";

const rail: MantineColorsTuple = [
  "#e7f1ee",
  "#cfe5de",
  "#a3d9c8",
  "#7fd0b9",
  "#55b79d",
  "#359a81",
  "#278069",
  "#1f6f5c",
  "#17574a",
  "#0f3f36",
];

const dark: MantineColorsTuple = [
  "#e9eeec",
  "#c4cecb",
  "#a6b3b0",
  "#7f8c89",
  "#3b4745",
  "#2d3736",
  "#242c2d",
  "#1d2425",
  "#161c1d",
  "#101415",
];

/** The colours of the public site, in the terms of the component library. */
export const theme = createTheme({
  colors: { rail, dark },
  primaryColor: "rail",
  // White writing on it is readable in both: what is under it does not change with the scheme.
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: "650", textWrap: "balance" },
});
