import { Button, Group } from "@mantine/core";
import { useTexts } from "./language.tsx";

/** Goes through a list that is read from its newest end. Shows nothing for a list of one page. */
export function Pager(props: {
  isFirst: boolean;
  isLast: boolean;
  first: () => void;
  next: () => void;
}) {
  const { isFirst, isLast, first, next } = props;
  const texts = useTexts();
  if (isFirst && isLast) return null;
  return (
    <Group>
      <Button variant="default" disabled={isFirst} onClick={first}>
        {texts.newest}
      </Button>
      <Button variant="default" disabled={isLast} onClick={next}>
        {texts.older}
      </Button>
    </Group>
  );
}
