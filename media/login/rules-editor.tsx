import { NativeSelect, SegmentedControl, Table, Text } from "@mantine/core";
import {
  type ConsentRule,
  type Permission,
  permissions,
  type Rule,
  type Setting,
} from "@handrail/protocol";
import type { Rules } from "./api.ts";
import { useTexts } from "./language.tsx";

const settings: readonly Setting[] = ["allow", "not-defined", "deny"];
const consents: readonly ConsentRule[] = ["always", "once", "never"];
const undefinedRule: Rule = { setting: "not-defined" };

/** The rules of an account of its own: allow, deny or not defined, for each permission. */
export function RulesEditor(props: { rules: Rules; onChange: (rules: Rules) => void }) {
  const { rules, onChange } = props;
  const texts = useTexts();
  return (
    <div>
      <Text fw={600} size="sm" id="rules-title">
        {texts.rules.title}
      </Text>
      <Text size="sm" c="dimmed" mb="xs">
        {texts.rules.text}
      </Text>
      <Table.ScrollContainer minWidth={560}>
        <Table aria-labelledby="rules-title" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.rules.permission}</Table.Th>
              <Table.Th>{texts.rules.setting}</Table.Th>
              <Table.Th>{texts.rules.consent}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {permissions.map((permission) => (
              <RuleRow
                key={permission}
                permission={permission}
                rule={rules[permission] ?? undefinedRule}
                onChange={(rule) => onChange({ ...rules, [permission]: rule })}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}

function RuleRow(props: { permission: Permission; rule: Rule; onChange: (rule: Rule) => void }) {
  const { permission, rule, onChange } = props;
  const texts = useTexts();
  const name = texts.permission[permission];
  const setConsent = (value: string) => {
    const consent = consents.find((each) => each === value);
    onChange({ setting: rule.setting, ...(consent ? { consent } : {}) });
  };
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {name}
      </Table.Th>
      <Table.Td>
        <SegmentedControl
          aria-label={`${name}: ${texts.rules.setting}`}
          size="xs"
          value={rule.setting}
          data={settings.map((value) => ({ value, label: texts.rules.settings[value] }))}
          onChange={(value) => {
            const setting = settings.find((each) => each === value);
            if (setting) onChange({ ...rule, setting });
          }}
        />
      </Table.Td>
      <Table.Td>
        <NativeSelect
          aria-label={`${name}: ${texts.rules.consent}`}
          size="xs"
          // Without a rule of its own, the site says this too.
          disabled={rule.setting !== "allow"}
          value={rule.setting === "allow" ? (rule.consent ?? "") : ""}
          data={[
            { value: "", label: texts.rules.siteConsent },
            ...consents.map((value) => ({ value, label: texts.rules.consents[value] })),
          ]}
          onChange={({ currentTarget }) => setConsent(currentTarget.value)}
        />
      </Table.Td>
    </Table.Tr>
  );
}
