import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";

/** So many lines are shown at first. */
const shownAtFirst = 30;

interface LongListProps<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => number;
  readonly line: (item: Item) => ReactNode;
  /** On the button that shows the rest. */
  readonly all: (count: number) => string;
}

/**
 * Lines in order, of which the first are shown and the rest when one wishes: who asks for it goes on
 * reading at the first new line, also by ear.
 */
export function LongList<Item>({ items, keyOf, line, all }: LongListProps<Item>) {
  const [isWhole, setWhole] = useState(false);
  const next = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isWhole) next.current?.focus();
  }, [isWhole]);
  const shown = isWhole ? items : items.slice(0, shownAtFirst);
  return (
    <>
      <ol className="lines">
        {shown.map((item, at) => (
          <li key={keyOf(item)} {...(at === shownAtFirst ? { ref: next, tabIndex: -1 } : {})}>
            {line(item)}
          </li>
        ))}
      </ol>
      {shown.length < items.length && (
        <Button variant="default" size="compact-sm" mt="sm" mr="xs" onClick={() => setWhole(true)}>
          {all(items.length)}
        </Button>
      )}
    </>
  );
}
