import { Button, CopyButton, Group, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTexts } from "../language.tsx";
import { saveText } from "../save-text.ts";

/** Whose codes they are, for the file. */
export interface CodesOwner {
  readonly siteName: string;
  readonly name: string;
}

/**
 * The recovery codes, the only time that anybody sees them: the appliance keeps hashes alone. So they
 * go away by the reader's own word, not by themselves.
 */
export function RecoveryCodes(props: {
  codes: readonly string[];
  owner: CodesOwner;
  done: () => void;
}) {
  const { codes, owner, done } = props;
  const texts = useTexts();
  const { secondFactor: words } = texts;
  const heading = useRef<HTMLHeadingElement>(null);
  // What had the focus is gone; a screen reader goes on with what is new.
  useEffect(() => heading.current?.focus(), []);
  const lines = [words.fileHeading(owner.siteName, owner.name), "", ...codes, ""].join("\n");
  return (
    <Stack>
      <Title order={2} size="h4" ref={heading} tabIndex={-1} className="page-title">
        {words.codesTitle}
      </Title>
      <Text>{words.codesText}</Text>
      <ul className="recovery-codes" aria-label={words.codesList}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <CopyButton value={codes.join("\n")}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? texts.copied : words.copyCodes}
            </Button>
          )}
        </CopyButton>
        <Button
          variant="default"
          onClick={() => saveText("handrail-recovery-codes.txt", lines, "text/plain")}
        >
          {words.download}
        </Button>
        <Button onClick={done}>{words.kept}</Button>
      </Group>
    </Stack>
  );
}
