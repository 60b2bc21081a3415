import { Button, Group, Paper, Table, Text } from "@mantine/core";
import { useState } from "react";
import type { Representative, Team } from "./api.ts";
import { Failure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { Page, Waiting } from "./page.tsx";
import { useSite } from "./site.ts";
import { type AskedOfTeam, TeamDialog } from "./team-dialog.tsx";
import { useLoad } from "./use-load.ts";

/** The teams, who belongs to them, and how many wait in their queues. */
export function TeamsPage() {
  const texts = useTexts();
  const { api, notify } = useSite();
  const site = useLoad("teams", async (signal) => {
    const [teams, accounts] = await Promise.all([api.teams(signal), api.representatives(signal)]);
    return { teams, accounts };
  });
  const [asked, setAsked] = useState<AskedOfTeam>();
  const ask = (what: AskedOfTeam) => {
    notify("");
    setAsked(what);
  };
  const done = (text: string) => {
    setAsked(undefined);
    notify(text);
    site.reload();
  };
  return (
    <Page
      title={texts.pages.teams}
      actions={<Button onClick={() => ask({ what: "add" })}>{texts.teams.add}</Button>}
    >
      <Text c="dimmed">{texts.teams.text}</Text>
      <Failure error={site.error} retry={site.reload} />
      {site.value && <TeamTable {...site.value} ask={ask} />}
      {site.isLoading && !site.value && <Waiting />}
      <TeamDialog
        asked={asked}
        accounts={site.value?.accounts ?? []}
        cancel={() => setAsked(undefined)}
        done={done}
      />
    </Page>
  );
}

interface TeamTableProps {
  teams: readonly Team[];
  accounts: readonly Representative[];
  ask: (asked: AskedOfTeam) => void;
}

/** All teams with their members and who waits for them. */
function TeamTable({ teams, accounts, ask }: TeamTableProps) {
  const texts = useTexts();
  if (teams.length === 0) return <Text c="dimmed">{texts.teams.none}</Text>;
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.teams.name}</Table.Th>
              <Table.Th>{texts.teams.members}</Table.Th>
              <Table.Th>{texts.teams.waiting}</Table.Th>
              <Table.Th>
                <span className="for-ears">{texts.representatives.actions}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {teams.map((team) => (
              <TeamRow key={team.id} team={team} accounts={accounts} ask={ask} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function TeamRow(props: Omit<TeamTableProps, "teams"> & { team: Team }) {
  const { team, accounts, ask } = props;
  const texts = useTexts();
  const members = accounts.filter(({ id }) => team.members.includes(id));
  const names = members.map(({ displayName }) => displayName).join(", ");
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {team.name}
      </Table.Th>
      <Table.Td>{names || <Text c="dimmed">{texts.teams.nobody}</Text>}</Table.Td>
      <Table.Td>{team.waiting}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button
            variant="default"
            size="compact-sm"
            aria-label={texts.teams.editTitle(team.name)}
            onClick={() => ask({ what: "edit", team })}
          >
            {texts.representatives.edit}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={texts.teams.deleteLabel(team.name)}
            onClick={() => ask({ what: "delete", team })}
          >
            {texts.teams.delete}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
