import { Paper, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of a page under a heading of its own. `id`: by which an address leads there, behind #. */
export function Section(props: { id?: string; title: string; children: ReactNode }) {
  const { children, title, ...place } = props;
  return (
    <Paper component="section" withBorder p="lg" aria-label={title} {...place}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
