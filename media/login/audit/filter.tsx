import { Button, Fieldset, Group, Menu, NativeSelect, TextInput } from "@mantine/core";
import { auditKinds } from "@handrail/protocol/upkeep";
import { type AuditFilter, auditExportPath } from "./api.ts";
import { useLanguage } from "../language.tsx";
import { auditTexts } from "./sentence.ts";

/** What stands in the boxes; days as `2026-11-22`, in the reader's own time zone. */
export interface FilterForm {
  readonly kind: string;
  readonly whoId: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Nothing chosen: every row is shown. */
export const noFilter: FilterForm = { kind: "", whoId: "", from: "", to: "", text: "" };

/** What is asked of the appliance for these boxes: from the first day's start to the last's end. */
export function filterOf({ kind, whoId, from, to, text }: FilterForm): AuditFilter {
  return {
    kind: auditKinds.find((each) => each === kind),
    whoId: whoId || undefined,
    from: dayStart(from, 0),
    to: dayStart(to, 1),
    text: text.trim() || undefined,
  };
}

/** Midnight at the start of a day, or of one some days later; undefined for no day. */
function dayStart(day: string, daysLater: number): number | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  // Not a count of hours: a day of summer time has 23 or 25.
  return new Date(year, month - 1, date + daysLater).getTime();
}

/** The boxes with which rows of the audit log are chosen. */
export function AuditFilterBar(props: {
  form: FilterForm;
  people: Readonly<Record<string, string>>;
  onChange: (form: FilterForm) => void;
}) {
  const { form, people, onChange } = props;
  const { page, kinds } = auditTexts(useLanguage());
  const box = (name: keyof FilterForm) => ({
    value: form[name],
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange({ ...form, [name]: currentTarget.value }),
  });
  const persons = Object.entries(people).toSorted(([, a], [, b]) => a.localeCompare(b));
  return (
    <Fieldset variant="unstyled" aria-label={page.filter}>
      <TextInput
        {...box("text")}
        {...{ type: "search", maxLength: 100, label: page.search, maw: 480, mb: "sm" }}
        description={page.searchHint}
      />
      <Group align="end" gap="sm">
        <NativeSelect
          {...box("kind")}
          label={page.kind}
          data={[
            { value: "", label: page.anyKind },
            ...auditKinds.map((value) => ({ value, label: kinds[value] })),
          ]}
        />
        <NativeSelect
          {...box("whoId")}
          className="filter-person"
          label={page.person}
          data={[
            { value: "", label: page.anyone },
            ...persons.map(([value, label]) => ({ value, label })),
          ]}
        />
        <TextInput {...box("from")} type="date" label={page.from} max={form.to || undefined} />
        <TextInput {...box("to")} type="date" label={page.to} min={form.from || undefined} />
        <Button variant="subtle" disabled={form === noFilter} onClick={() => onChange(noFilter)}>
          {page.clear}
        </Button>
      </Group>
    </Fieldset>
  );
}

/** Takes the chosen rows away as a file. */
export function AuditExport({ filter }: { filter: AuditFilter }) {
  const { page } = auditTexts(useLanguage());
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">{page.export}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{page.exportHint}</Menu.Label>
        {(["csv", "jsonl"] as const).map((format) => (
          <Menu.Item key={format} component="a" href={auditExportPath(format, filter)} download>
            {page[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
