import { Checkbox, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Representative, Team } from "./api.ts";
import { AskedDialog, DialogButtons, type DialogEnd } from "./dialog-parts.tsx";
import { Failure, fieldFailure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { shownNameFault } from "./name-fault.ts";
import { useSite } from "./site.ts";
import type { Texts } from "./texts.ts";
import { useSubmit } from "./use-submit.ts";

/** What is asked about a team before it is done. */
export type AskedOfTeam =
  { readonly what: "add" } | { readonly what: "edit" | "delete"; readonly team: Team };

interface TeamFormProps extends DialogEnd {
  accounts: readonly Representative[];
}

/** The dialog for what is asked about teams. */
export function TeamDialog(props: { asked: AskedOfTeam | undefined } & TeamFormProps) {
  const { asked, ...form } = props;
  const texts = useTexts();
  return (
    <AskedDialog asked={asked} title={(shown) => titleOf(shown, texts)} cancel={form.cancel}>
      {(shown) =>
        shown.what === "delete" ? (
          <DeleteForm team={shown.team} {...form} />
        ) : (
          <TeamForm {...(shown.what === "edit" ? { team: shown.team } : {})} {...form} />
        )
      }
    </AskedDialog>
  );
}

function titleOf(asked: AskedOfTeam, { teams }: Texts): string {
  if (asked.what === "add") return teams.add;
  return (asked.what === "edit" ? teams.editTitle : teams.deleteTitle)(asked.team.name);
}

/** Makes a team or, with `team`, changes it; then only what has changed is sent. */
function TeamForm({ team, accounts, cancel, done }: TeamFormProps & { team?: Team }) {
  const texts = useTexts();
  const { api } = useSite();
  const [name, setName] = useState(team?.name ?? "");
  const [members, setMembers] = useState<readonly string[]>(team?.members ?? []);
  const { error, isBusy, submit } = useSubmit(async () => {
    if (team) {
      await api.changeTeam(team.id, {
        ...(name === team.name ? {} : { name }),
        ...(members === team.members ? {} : { members }),
      });
    } else await api.addTeam({ name, members });
    done(team ? texts.teams.changed(name) : texts.teams.added(name));
  });
  const nameError = fieldFailure(error, "name", texts);
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.teams.name}
          description={texts.teams.nameHint}
          value={name}
          error={shownNameFault(name, texts) ?? nameError}
          required
          data-autofocus
          autoComplete="off"
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Members accounts={accounts} members={members} onChange={setMembers} />
        {nameError === undefined && <Failure error={error} />}
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          isReady={name.trim() !== "" && !shownNameFault(name, texts)}
          submit={team ? texts.save : texts.representatives.addSubmit}
        />
      </Stack>
    </form>
  );
}

/** Who belongs to the team. */
function Members(props: {
  accounts: readonly Representative[];
  members: readonly string[];
  onChange: (members: readonly string[]) => void;
}) {
  const { teams, representatives } = useTexts();
  return (
    <Checkbox.Group
      label={teams.members}
      description={teams.membersHint}
      value={[...props.members]}
      onChange={props.onChange}
    >
      <Stack gap="xs" mt="xs" mah={280} className="scrolled">
        {props.accounts.map(({ id, name, displayName, disabledAt }) => (
          <Checkbox
            key={id}
            value={id}
            label={displayName}
            description={disabledAt === undefined ? name : `${name}, ${representatives.disabled}`}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

/** Asks before a team is deleted, and says where its waiting customers go. */
function DeleteForm({ team, cancel, done }: DialogEnd & { team: Team }) {
  const { teams } = useTexts();
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.deleteTeam(team.id);
    done(teams.deleted(team.name));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{teams.deleteText(team.waiting)}</Text>
        <Failure error={error} />
        <DialogButtons cancel={cancel} isBusy={isBusy} color="red" submit={teams.deleteSubmit} />
      </Stack>
    </form>
  );
}
