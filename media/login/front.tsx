import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { LanguageMenu } from "./language.tsx";
import { Logo } from "./logo.tsx";

/** The frame of what is shown to people who are not signed in. */
export function Front(props: {
  siteName: string;
  title: string;
  text: string;
  children: ReactNode;
}) {
  const { siteName, title, text, children } = props;
  useEffect(() => {
    document.title = `${title} – ${siteName}`;
  }, [title, siteName]);
  return (
    <div className="front">
      <Group component="header" justify="space-between" p="md">
        <Group gap="sm" fw={600}>
          <Logo size={32} />
          {siteName}
        </Group>
        <LanguageMenu />
      </Group>
      <main className="front-main">
        <Paper withBorder radius="lg" p={{ base: "lg", sm: "xl" }} className="front-card">
          <Stack gap="xs" mb="lg">
            <Title order={1} size="h2">
              {title}
            </Title>
            <Text c="dimmed">{text}</Text>
          </Stack>
          {children}
        </Paper>
      </main>
    </div>
  );
}
