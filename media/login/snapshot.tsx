import { Button, Group, Progress, Stack, Table, Text } from "@mantine/core";
import {
  barsOf,
  jsonOf,
  type Lsid,
  markdownOf,
  type SystemBar,
  type SystemFields,
  type SystemList,
  type SystemReading,
  type SystemSnapshot,
  systemWords,
  type SystemWords,
  valueText,
} from "@handrail/protocol";
import { useMemo, useState } from "react";
import { Facts } from "./facts.tsx";
import { Failure } from "./failure.tsx";
import { isolated, localeOf } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import { Waiting } from "./page.tsx";
import { saveText } from "./save-text.ts";
import { Section } from "./section.tsx";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";

/** So many rows of a table are shown at first. */
const rowsAtFirst = 50;
/** From here on a bar has the colour of errors. */
const highPercent = 90;

/**
 * The snapshot that is kept of a session's start. It is not loaded before it is wanted: the audit
 * log says who looks at it.
 */
export function StartSnapshot({ lsid }: { lsid: Lsid }) {
  const { snapshot } = useTexts();
  const [isWanted, setWanted] = useState(false);
  return (
    <Section title={snapshot.title}>
      {isWanted ? (
        <Loaded lsid={lsid} />
      ) : (
        <>
          <Text c="dimmed" mb="sm">
            {snapshot.text}
          </Text>
          <Button variant="default" onClick={() => setWanted(true)}>
            {snapshot.show}
          </Button>
        </>
      )}
    </Section>
  );
}

function Loaded({ lsid }: { lsid: Lsid }) {
  const { api } = useSite();
  const { error, reload, value } = useLoad(lsid, (signal) => api.snapshot(lsid, signal));
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return value ? <Computer snapshot={value} /> : <Waiting />;
}

function Computer({ snapshot }: { snapshot: SystemSnapshot }) {
  const texts = useTexts();
  const language = useLanguage();
  const words = useMemo(() => systemWords(language, localeOf(language)), [language]);
  const name = `handrail-${snapshot.lsid}`;
  return (
    <Stack gap="xs">
      <Group>
        <Button
          variant="default"
          onClick={() => saveText(`${name}.md`, markdownOf(snapshot, words), "text/markdown")}
        >
          {texts.snapshot.saveMarkdown}
        </Button>
        <Button
          variant="default"
          onClick={() => saveText(`${name}.json`, jsonOf(snapshot), "application/json")}
        >
          {texts.snapshot.saveJson}
        </Button>
      </Group>
      {snapshot.readings.map((reading) => (
        <Category key={reading.category} reading={reading} words={words} />
      ))}
    </Stack>
  );
}

/** One category, folded: what is in it is made when it is opened. */
function Category({ reading, words }: { reading: SystemReading; words: SystemWords }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="category" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.category(reading.category)}</summary>
      {isOpen && <Report reading={reading} words={words} />}
    </details>
  );
}

function Report({ reading, words }: { reading: SystemReading; words: SystemWords }) {
  const { answer, category } = reading;
  if (answer.answer === "failed") {
    return <Text c="dimmed">{words.failed(category, answer.reason)}</Text>;
  }
  const { facts, lists } = answer.report;
  return (
    <Stack gap="md" py="sm">
      <Bars bars={barsOf(reading, words)} />
      <Facts facts={Object.entries(facts).map((fact) => factOf(fact, words))} />
      {lists.map((list) => (
        <List key={list.name} list={list} words={words} />
      ))}
    </Stack>
  );
}

/** What a bar shows stands beside it as text: the drawing is for eyes alone. */
function Bars({ bars }: { bars: readonly SystemBar[] }) {
  if (bars.length === 0) return null;
  return (
    <ul className="plain">
      {bars.map(({ label, percent, text }) => (
        <li key={label}>
          <Text size="sm">
            {isolated(label)} – {text}
          </Text>
          <Progress
            value={percent}
            aria-hidden
            {...(percent >= highPercent ? { color: "red" } : {})}
          />
        </li>
      ))}
    </ul>
  );
}

function factOf([field, value]: [string, SystemFields[string]], words: SystemWords) {
  return [words.field(field), isolated(valueText(field, value, words))] as const;
}

function List({ list, words }: { list: SystemList; words: SystemWords }) {
  const texts = useTexts();
  const { name, omitted, rows } = list;
  const [isWhole, setWhole] = useState(rows.length <= rowsAtFirst);
  if (rows.length === 0) {
    return (
      <Text>
        {words.list(name)} – {words.empty}
      </Text>
    );
  }
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = isWhole ? rows : rows.slice(0, rowsAtFirst);
  return (
    <div>
      <Table.ScrollContainer minWidth={560}>
        <Table className="wrapping" captionSide="top">
          <Table.Caption ta="start">
            {words.list(name)} ({rows.length + omitted})
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column}>{words.field(column)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row, place) => (
              <Row key={place} {...{ row, columns, words }} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {!isWhole && (
        <Button variant="default" size="compact-sm" onClick={() => setWhole(true)}>
          {texts.snapshot.allRows(rows.length)}
        </Button>
      )}
      {omitted > 0 && <Text c="dimmed">{words.omitted(omitted)}</Text>}
    </div>
  );
}

function Row(props: { row: SystemFields; columns: readonly string[]; words: SystemWords }) {
  return (
    <Table.Tr>
      {props.columns.map((column) => {
        const value = props.row[column];
        const text = value === undefined ? "" : valueText(column, value, props.words);
        return <Table.Td key={column}>{isolated(text)}</Table.Td>;
      })}
    </Table.Tr>
  );
}
