import { Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../request.ts";
import { Failure, fieldFailure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Waiting } from "../page.tsx";
import { useSubmit } from "../use-submit.ts";
import type { Enrolment, SecondFactorOffer } from "./api.ts";
import { CodeField } from "./code-field.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

/**
 * The way to a second factor: the key for the app, a first code, and then the recovery codes. It
 * counts from the first code on; who leaves before that has changed nothing.
 */
export function Enrol(props: {
  enrolment: Enrolment;
  siteName: string;
  done: () => void;
  /** The way out before the first code. */
  leave: { readonly text: string; readonly act: () => void };
  /** It took too long, or the reader is nobody any more. */
  over: () => void;
}) {
  const { enrolment, siteName, done, leave, over } = props;
  const { offer, error: offerError, ask } = useOffer(enrolment, over);
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes) {
    const owner = { siteName, name: offer?.name ?? "" };
    return <RecoveryCodes {...{ codes, owner, done }} />;
  }
  if (offerError !== undefined) return <Failure error={offerError} retry={ask} />;
  if (!offer) return <Waiting />;
  return <FirstCode {...{ enrolment, offer, leave, over }} turnedOn={setCodes} />;
}

/**
 * One key for the app, asked for once, also where effects run twice: the appliance keeps only the
 * newest, and the one that is shown has to be that.
 */
function useOffer(enrolment: Enrolment, over: () => void) {
  const [offer, setOffer] = useState<SecondFactorOffer>();
  const [error, setError] = useState<unknown>();
  const isAsked = useRef(false);
  const ask = () => {
    setError(undefined);
    enrolment.offer().then(setOffer, (fault: unknown) => {
      if (isOver(fault)) over();
      else setError(fault);
    });
  };
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    ask();
  });
  return { offer, error, ask };
}

/** The key as a picture and as text, and the code that shows that the app has it. */
function FirstCode(props: {
  enrolment: Enrolment;
  offer: SecondFactorOffer;
  leave: { readonly text: string; readonly act: () => void };
  over: () => void;
  turnedOn: (codes: readonly string[]) => void;
}) {
  const { enrolment, offer, leave, over, turnedOn } = props;
  const texts = useTexts();
  const { secondFactor: words } = texts;
  const [code, setCode] = useState("");
  const { error, isBusy, submit } = useSubmit(async () => {
    try {
      turnedOn((await enrolment.turnOn(code)).recoveryCodes);
    } catch (fault) {
      if (!isOver(fault)) throw fault;
      over();
    }
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.scan}</Text>
        <img
          className="qr"
          alt={words.picture}
          src={`data:image/svg+xml,${encodeURIComponent(offer.picture)}`}
        />
        <Text>{words.typed}</Text>
        <Text className="code">{offer.secret}</Text>
        <CodeField
          label={words.code}
          hint={words.firstHint}
          value={code}
          error={error}
          onText={setCode}
        />
        {fieldFailure(error, "code", texts) === undefined && <Failure error={error} />}
        <Group>
          <Button type="submit" loading={isBusy}>
            {words.turnOn}
          </Button>
          <Button variant="default" onClick={leave.act}>
            {leave.text}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether the appliance knows the reader no more. */
export function isOver(error: unknown): boolean {
  return error instanceof ApiError && error.code === "not-authenticated";
}
