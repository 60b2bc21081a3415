import { Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../request.ts";
import { AskedDialog, DialogButtons } from "../dialog-parts.tsx";
import { Failure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useSubmit } from "../use-submit.ts";
import type { SecondFactorState } from "./api.ts";
import { CodeField } from "./code-field.tsx";
import { Enrol } from "./enrol.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

/** With fewer recovery codes than this the reader is told to make new ones. */
const fewCodes = 3;

/**
 * The reader's own account: the second factor. One thing at a time stands in the section: how it is,
 * the way to a new one, or the recovery codes, which nobody sees a second time.
 */
export function AccountPage() {
  const texts = useTexts();
  const { secondFactor: words } = texts;
  const { api, me, notify, siteName, signedOut } = useSite();
  const known = useLoad("second-factor", (signal) => api.secondFactor.state(signal));
  const [isEnrolling, setIsEnrolling] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>();
  const owner = { siteName, name: me.name };
  const done = (text: string) => {
    setIsEnrolling(false);
    setCodes(undefined);
    if (text !== "") notify(text);
    known.reload();
  };
  const show = () => {
    // New recovery codes come first: whoever loses sight of them has none.
    if (codes) return <RecoveryCodes {...{ codes, owner }} done={() => done("")} />;
    if (isEnrolling) {
      return (
        <Enrol
          enrolment={api.secondFactor.own}
          siteName={siteName}
          done={() => done(words.wasTurnedOn)}
          leave={{ text: texts.cancel, act: () => setIsEnrolling(false) }}
          over={signedOut}
        />
      );
    }
    if (!known.value) return null;
    const state = known.value;
    if (state.isOn) return <TurnedOn {...{ state, done }} renewed={setCodes} />;
    return (
      <Stack align="flex-start">
        <Text>{words.off}</Text>
        <Button onClick={() => setIsEnrolling(true)}>{words.begin}</Button>
      </Stack>
    );
  };
  return (
    <Page title={words.account}>
      <Failure error={known.error} retry={known.reload} />
      <Section title={words.heading}>
        <Stack>
          <Text c="dimmed">{words.text}</Text>
          {show()}
        </Stack>
      </Section>
      {known.isLoading && !known.value && <Waiting />}
    </Page>
  );
}

/** What takes password and code once more. */
type Change = "turnOff" | "renew";

/** How it is while it is on, and what can be changed of it. */
function TurnedOn(props: {
  state: SecondFactorState;
  done: (text: string) => void;
  renewed: (codes: readonly string[]) => void;
}) {
  const { state, done, renewed } = props;
  const { secondFactor: words } = useTexts();
  const language = useLanguage();
  const [asked, setAsked] = useState<Change>();
  const cancel = () => setAsked(undefined);
  const { recoveryCodesLeft: left, turnedOnAt = 0 } = state;
  return (
    <>
      <Text>{words.on(momentText(turnedOnAt, language))}</Text>
      <Text>
        {words.left(left)} {left < fewCodes && words.few}
      </Text>
      {state.isRequired && <Text>{words.isRequired}</Text>}
      <Group>
        <Button variant="default" onClick={() => setAsked("renew")}>
          {words.renew}
        </Button>
        {!state.isRequired && (
          <Button variant="default" onClick={() => setAsked("turnOff")}>
            {words.turnOff}
          </Button>
        )}
      </Group>
      <AskedDialog asked={asked} title={(change) => words[`${change}Title`]} cancel={cancel}>
        {(change) => <ConfirmForm {...{ change, cancel, done, renewed }} />}
      </AskedDialog>
    </>
  );
}

/**
 * Password and a code, before anything of the factor is changed: whoever finds a browser signed in
 * shall not take the factor away with it.
 */
function ConfirmForm(props: {
  change: Change;
  cancel: () => void;
  done: (text: string) => void;
  renewed: (codes: readonly string[]) => void;
}) {
  const { change, cancel, done, renewed } = props;
  const texts = useTexts();
  const { secondFactor: words } = texts;
  const { api } = useSite();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const { error, isBusy, submit } = useSubmit(async () => {
    if (change === "renew") {
      return renewed((await api.secondFactor.renew({ password, code })).recoveryCodes);
    }
    await api.secondFactor.turnOff({ password, code });
    done(words.wasTurnedOff);
  });
  // Which of the two is wrong is not said: that would help whoever guesses.
  const isWrong = error instanceof ApiError && error.code === "password-wrong";
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words[`${change}Text`]}</Text>
        <PasswordInput
          label={words.password}
          value={password}
          required
          data-autofocus
          autoComplete="current-password"
          maxLength={256}
          visibilityToggleButtonProps={{ "aria-label": texts.password.show }}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <CodeField label={words.anyCode} value={code} error={undefined} onText={setCode} />
        {isWrong ? (
          <Text c="red" role="alert">
            {words.confirmWrong}
          </Text>
        ) : (
          <Failure error={error} />
        )}
        <DialogButtons {...{ cancel, isBusy }} submit={words[`${change}Submit`]} />
      </Stack>
    </form>
  );
}
