import { Stack, Text } from "@mantine/core";
import type { SessionNote } from "./api.ts";
import { isolated, momentText } from "./format.ts";
import { useLanguage } from "./language.tsx";

/** Notes of a session, as text: what looks like markup in them is none. */
export function Notes({ notes }: { notes: readonly SessionNote[] }) {
  const language = useLanguage();
  return (
    <Stack>
      {notes.map(({ id, author, title, text, at }) => (
        <article key={id} aria-label={title || author}>
          {title !== "" && <Text fw={600}>{isolated(title)}</Text>}
          <Text size="sm" c="dimmed">
            {isolated(author)}{" "}
            <time dateTime={new Date(at).toISOString()}>{momentText(at, language)}</time>
          </Text>
          <div className="note written" tabIndex={0} role="group" aria-label={title || author}>
            {text}
          </div>
        </article>
      ))}
    </Stack>
  );
}
