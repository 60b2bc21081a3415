import { ActionIcon, Badge, Button, Group, Menu, Paper, Table, Text } from "@mantine/core";
import { useRef, useState } from "react";
import type { Representative } from "./api.ts";
import { Failure, failureText } from "./failure.tsx";
import { momentText } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import { Page, Waiting } from "./page.tsx";
import { type Asked, RepresentativeDialog } from "./representative-dialog.tsx";
import { SecondFactorRule } from "./second-factor/rule.tsx";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";

/** The accounts, and everything that can be done to them. */
export function RepresentativesPage() {
  const texts = useTexts();
  const { api, notify } = useSite();
  const list = useLoad("representatives", (signal) => api.representatives(signal));
  const [asked, setAsked] = useState<Asked>();
  const ask = (what: Asked) => {
    notify("");
    setAsked(what);
  };
  const done = (text: string) => {
    setAsked(undefined);
    notify(text);
    list.reload();
  };
  return (
    <Page
      title={texts.pages.representatives}
      actions={<Button onClick={() => ask({ what: "add" })}>{texts.representatives.add}</Button>}
    >
      <Failure error={list.error} retry={list.reload} />
      {list.value ? <Accounts accounts={list.value} ask={ask} done={done} /> : null}
      {list.isLoading && !list.value && <Waiting />}
      <SecondFactorRule />
      <RepresentativeDialog asked={asked} cancel={() => setAsked(undefined)} done={done} />
    </Page>
  );
}

interface AccountActions {
  ask: (asked: Asked) => void;
  done: (text: string) => void;
}

/** All accounts as a table. */
function Accounts({
  accounts,
  ...actions
}: { accounts: readonly Representative[] } & AccountActions) {
  const texts = useTexts();
  const { representatives } = texts;
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={620}>
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{representatives.name}</Table.Th>
              <Table.Th>{representatives.role}</Table.Th>
              <Table.Th>{representatives.state}</Table.Th>
              <Table.Th>{representatives.rules}</Table.Th>
              <Table.Th>{representatives.lastSignedIn}</Table.Th>
              <Table.Th>
                <span className="for-ears">{representatives.actions}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {accounts.map((account) => (
              <AccountRow key={account.id} account={account} {...actions} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

/** An account in the table, with the menu of what can be done with it. */
function AccountRow({ account, ...actions }: { account: Representative } & AccountActions) {
  const texts = useTexts();
  const language = useLanguage();
  const { me } = useSite();
  const { representatives } = texts;
  const isEnabled = account.disabledAt === undefined;
  const rules = Object.values(account.rules).filter(
    ({ setting, consent }) => setting !== "not-defined" || consent !== undefined,
  ).length;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Text fw={600}>
          {account.displayName}
          {account.id === me.id && (
            <Text span c="dimmed" fw={400}>
              {" "}
              ({representatives.you})
            </Text>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {account.name}
        </Text>
      </Table.Th>
      <Table.Td>{texts.roles[account.role]}</Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Badge variant={isEnabled ? "light" : "default"} tt="none">
            {isEnabled ? representatives.enabled : representatives.disabled}
          </Badge>
          {account.hasSecondFactor && (
            <Badge variant="outline" tt="none">
              {texts.secondFactor.badge}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        {rules === 0 ? representatives.noRules : representatives.rulesCount(rules)}
      </Table.Td>
      <Table.Td>
        {account.lastSignedInAt === undefined
          ? texts.never
          : momentText(account.lastSignedInAt, language)}
      </Table.Td>
      <Table.Td>
        <AccountMenu account={account} {...actions} />
      </Table.Td>
    </Table.Tr>
  );
}

/** What can be done with an account. */
function AccountMenu({ account, ask, done }: { account: Representative } & AccountActions) {
  const texts = useTexts();
  const { representatives } = texts;
  const { api, me, notify } = useSite();
  const { displayName: name } = account;
  const opener = useRef<HTMLButtonElement>(null);
  const askFromMenu = (what: "password" | "revoke" | "disable" | "second-factor") => {
    // The dialog gives the focus back to what has it now, and the menu is about to vanish.
    opener.current?.focus();
    ask({ what, account });
  };
  const enable = () => {
    api.changeRepresentative(account.id, { disabled: false }).then(
      () => done(representatives.wasEnabled(name)),
      (error: unknown) => notify(failureText(error, texts)),
    );
  };
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button
        variant="default"
        size="compact-sm"
        aria-label={representatives.editTitle(name)}
        onClick={() => ask({ what: "edit", account })}
      >
        {representatives.edit}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            ref={opener}
            variant="default"
            size="md"
            aria-label={representatives.actionsFor(name)}
          >
            <span aria-hidden>⋯</span>
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => askFromMenu("password")}>
            {representatives.resetPassword}
          </Menu.Item>
          {account.hasSecondFactor && account.id !== me.id && (
            <Menu.Item onClick={() => askFromMenu("second-factor")}>
              {texts.secondFactor.reset}
            </Menu.Item>
          )}
          <Menu.Item onClick={() => askFromMenu("revoke")}>{representatives.revoke}</Menu.Item>
          {account.disabledAt === undefined ? (
            <Menu.Item onClick={() => askFromMenu("disable")}>{representatives.disable}</Menu.Item>
          ) : (
            <Menu.Item onClick={enable}>{representatives.enable}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
