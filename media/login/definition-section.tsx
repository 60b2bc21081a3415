import { Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import type { Defined, DefinitionPath } from "./api.ts";
import { AskedDialog, DialogButtons } from "./dialog-parts.tsx";
import { Failure, fieldFailure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { Waiting } from "./page.tsx";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";
import { useSubmit } from "./use-submit.ts";

/** How a kind of definitions is shown and changed. */
export interface DefinitionView<Body extends object> {
  readonly path: DefinitionPath;
  readonly title: string;
  readonly text: string;
  readonly add: string;
  readonly none: string;
  readonly columns: readonly string[];
  /** A row: the name, then a cell for each of the other columns. */
  readonly cells: (body: Body) => readonly string[];
  readonly blank: Body;
  readonly isReady: (body: Body) => boolean;
  readonly form: (fields: Fields<Body>) => ReactNode;
}

/** The fields of the form: what is in them, and what is wrong with one. */
export interface Fields<Body> {
  readonly body: Body;
  readonly set: (change: Partial<Body>) => void;
  readonly faultOf: (field: string) => string | undefined;
}

type Asked<Body> =
  { readonly what: "add" } | { readonly what: "edit" | "delete"; readonly defined: Defined<Body> };

/** What administrators have defined of one kind, with what can be done about it. */
export function DefinitionSection<Body extends object>({ view }: { view: DefinitionView<Body> }) {
  const { definitions: words } = useTexts();
  const { api, notify } = useSite();
  const known = useLoad(view.path, (signal) => api.definitions<Body>(view.path, signal));
  const [asked, setAsked] = useState<Asked<Body>>();
  const ask = (what: Asked<Body>) => {
    notify("");
    setAsked(what);
  };
  const end = { cancel: () => setAsked(undefined), done: (text: string) => done(text) };
  const done = (text: string) => {
    setAsked(undefined);
    notify(text);
    known.reload();
  };
  const nameOf = (defined: Defined<Body>) => view.cells(defined)[0] ?? "";
  const titleOf = (what: Asked<Body>) => {
    if (what.what === "add") return view.add;
    return (what.what === "edit" ? words.editTitle : words.deleteTitle)(nameOf(what.defined));
  };
  return (
    <Paper component="section" withBorder p="lg" aria-label={view.title}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {view.title}
        </Title>
        <Button onClick={() => ask({ what: "add" })}>{view.add}</Button>
      </Group>
      <Text c="dimmed" mb="sm">
        {view.text}
      </Text>
      <Failure error={known.error} retry={known.reload} />
      {known.value && <Rows view={view} known={known.value} ask={ask} />}
      {known.isLoading && !known.value && <Waiting />}
      <AskedDialog asked={asked} title={titleOf} cancel={end.cancel}>
        {(shown) =>
          shown.what === "delete" ? (
            <DeleteForm view={view} defined={shown.defined} {...end} />
          ) : (
            <EditForm
              view={view}
              {...(shown.what === "edit" ? { defined: shown.defined } : {})}
              {...end}
            />
          )
        }
      </AskedDialog>
    </Paper>
  );
}

function Rows<Body extends object>(props: {
  view: DefinitionView<Body>;
  known: readonly Defined<Body>[];
  ask: (asked: Asked<Body>) => void;
}) {
  const { view, known, ask } = props;
  const { definitions: words, representatives, teams } = useTexts();
  if (known.length === 0) return <Text>{view.none}</Text>;
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            {view.columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
            <Table.Th>
              <span className="for-ears">{representatives.actions}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {known.map((defined) => {
            const [name = "", ...cells] = view.cells(defined);
            return (
              <Table.Tr key={defined.id}>
                <Table.Th scope="row" fw={600}>
                  {name}
                </Table.Th>
                {cells.map((cell, i) => (
                  <Table.Td key={view.columns[i + 1]}>
                    <Text lineClamp={2}>{cell}</Text>
                  </Table.Td>
                ))}
                <Table.Td>
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={words.editTitle(name)}
                      onClick={() => ask({ what: "edit", defined })}
                    >
                      {representatives.edit}
                    </Button>
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={words.deleteLabel(name)}
                      onClick={() => ask({ what: "delete", defined })}
                    >
                      {teams.delete}
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface FormProps<Body extends object> {
  view: DefinitionView<Body>;
  cancel: () => void;
  done: (text: string) => void;
}

/** Adds one or changes it, by the same fields. */
function EditForm<Body extends object>(props: FormProps<Body> & { defined?: Defined<Body> }) {
  const { view, defined, cancel, done } = props;
  const texts = useTexts();
  const { api } = useSite();
  const [body, setBody] = useState<Body>(() => bodyOf(view, defined));
  const { error, isBusy, submit } = useSubmit(async () => {
    if (defined) await api.changeDefinition(view.path, defined.id, body);
    else await api.addDefinition(view.path, body);
    const name = view.cells(body)[0] ?? "";
    done((defined ? texts.definitions.changed : texts.definitions.added)(name));
  });
  const fields = Object.keys(view.blank);
  const faults = new Map(fields.map((field) => [field, fieldFailure(error, field, texts)]));
  const first = fields[0] ?? "";
  // What must be unique is the first field, whatever it is called.
  if (!faults.get(first)) faults.set(first, fieldFailure(error, "name", texts));
  const isAtField = [...faults.values()].some((fault) => fault !== undefined);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => submit(event);
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        {view.form({
          body,
          set: (change) => setBody((before) => ({ ...before, ...change })),
          faultOf: (field) => faults.get(field),
        })}
        {!isAtField && <Failure error={error} />}
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          isReady={view.isReady(body)}
          submit={defined ? texts.save : texts.representatives.addSubmit}
        />
      </Stack>
    </form>
  );
}

/** Only what the form knows of: an id is none of its fields. */
function bodyOf<Body extends object>(view: DefinitionView<Body>, defined?: Defined<Body>): Body {
  if (!defined) return view.blank;
  const known = Object.entries(defined).filter(([name]) => name in view.blank);
  return { ...view.blank, ...Object.fromEntries(known) };
}

/** Asks before one is deleted. */
function DeleteForm<Body extends object>(props: FormProps<Body> & { defined: Defined<Body> }) {
  const { view, defined, cancel, done } = props;
  const { definitions: words, teams } = useTexts();
  const { api } = useSite();
  const name = view.cells(defined)[0] ?? "";
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.deleteDefinition(view.path, defined.id);
    done(words.deleted(name));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.deleteText}</Text>
        <Failure error={error} />
        <DialogButtons cancel={cancel} isBusy={isBusy} color="red" submit={teams.deleteSubmit} />
      </Stack>
    </form>
  );
}
