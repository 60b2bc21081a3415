import { Group, Loader, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { useTexts } from "./language.tsx";
import { useSite } from "./site.ts";

/** The frame of a page: its heading takes the focus when the page is come to, and names the tab. */
export function Page(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  const { title, actions, children } = props;
  const { siteName } = useSite();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = `${title} – ${siteName}`;
  }, [title, siteName]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="center">
        <Title order={1} size="h2" ref={heading} tabIndex={-1} className="page-title">
          {title}
        </Title>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** Stands where something is still to come. */
export function Waiting() {
  const texts = useTexts();
  return (
    <Group justify="center" py="xl" role="status">
      <Loader size="sm" aria-hidden />
      {texts.loading}
    </Group>
  );
}
