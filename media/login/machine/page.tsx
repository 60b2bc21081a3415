import type { MachineState } from "@handrail/protocol/upkeep";
import { Alert, Text } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { isNoAnswer } from "../no-answer.ts";
import { Page, Waiting } from "../page.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useLookAgain } from "../use-look-again.ts";
import type { MachineAct, MachineView } from "./api.ts";
import { NetworkForm, NewPlace } from "./network-form.tsx";
import { NetworkTrial } from "./network-trial.tsx";
import { PowerSection } from "./power.tsx";
import { NameForm, ProxyForm } from "./small-forms.tsx";
import { SshForm } from "./ssh-form.tsx";
import { TimeForm } from "./time-form.tsx";

/** Often enough that nobody loads the page again while the server starts. */
const lookEveryMs = 2_000;

/** Why the machine is expected not to answer for a while. */
type Reason =
  | { readonly by: MachineAct }
  /** `place`: where it is to be found now, as far as that is known. */
  | { readonly by: "network"; readonly place: string | undefined };

/** `before`: what it has said last. */
type Expected = Reason & { readonly before: MachineView | undefined };

/** The machine that the appliance runs on: its settings, its restart, its end. */
export function MachinePage() {
  const texts = useTexts();
  const { machine: words } = texts;
  const { api, notify } = useSite();
  const known = useLoad("machine", (signal) => api.machine.read(signal));
  const { value, error, isLoading, reload } = known;
  const [expected, setExpected] = useState<Expected>();
  const [wasAway, setWasAway] = useState(false);
  const isAway = expected !== undefined && isNoAnswer(error);
  if (isAway && !wasAway) setWasAway(true);
  const isBack = isSince(value, expected, wasAway) && error === undefined && !isLoading;
  useEffect(() => {
    if (!isBack) return;
    setExpected(undefined);
    setWasAway(false);
    if (expected?.by !== "network") notify(words.power.back);
  }, [isBack, expected, notify, words]);
  useLookAgain(known, lookEveryMs, expected !== undefined);
  const done = useCallback(
    (text: string) => {
      notify(text);
      reload();
    },
    [notify, reload],
  );
  const begun = (why: Reason) => {
    setExpected({ ...why, before: value });
    reload();
  };
  return (
    <Page title={texts.pages.machine}>
      {expected && <UnderWay expected={expected} />}
      {!isAway && <Failure error={error} retry={reload} />}
      {value && !expected && <Known view={value} {...{ done, begun, reload }} />}
      {isLoading && !value && <Waiting />}
    </Page>
  );
}

/** Whether that is the answer of a machine that has done what was expected; it may not be missed. */
function isSince(
  value: MachineView | undefined,
  expected: Expected | undefined,
  wasAway: boolean,
): boolean {
  if (!value || !expected || value === expected.before) return false;
  return wasAway || expected.by === "network" || value.startedAt !== expected.before?.startedAt;
}

/** What the reader waits for, or where to go meanwhile. */
function UnderWay({ expected }: { expected: Reason }) {
  const { machine: words } = useTexts();
  if (expected.by !== "network") {
    return (
      <Alert role="status" variant="light">
        {words.power.under[expected.by]}
      </Alert>
    );
  }
  return (
    <Alert role="alert" color="yellow" variant="light">
      <Text fw={600}>{words.network.gone}</Text>
      {words.network.goneText}
      <NewPlace place={expected.place} />
    </Alert>
  );
}

/** What the sections work on. `done` tells the reader; `begun`: the machine goes away for a while. */
interface KnownProps {
  readonly view: MachineView;
  readonly done: (text: string) => void;
  readonly begun: (why: Reason) => void;
  readonly reload: () => void;
}

/** The sections that there is something behind. */
function Known({ view, done, begun, reload }: KnownProps) {
  const { machine: words } = useTexts();
  const { canRestart, hasSettings, customers, state } = view;
  if (!canRestart && !hasSettings) {
    return (
      <Alert role="status" variant="light">
        {words.noMachine}
      </Alert>
    );
  }
  return (
    <>
      {hasSettings && !state && (
        <Alert role="alert" color="red" variant="light">
          {words.noState}
        </Alert>
      )}
      {state && <Settings {...{ view, state, done, begun, reload }} />}
      {canRestart && <PowerSection customers={customers} begun={(by) => begun({ by })} />}
    </>
  );
}

/** Every setting has a form of its own: what one of them refuses leaves the others alone. */
function Settings({ view, state, done, begun, reload }: KnownProps & { state: MachineState }) {
  const { machine: words } = useTexts();
  const { network, time, proxy, hostName } = state;
  const saved = () => done(words.saved);
  return (
    <>
      {network.confirmBefore !== undefined && (
        <NetworkTrial
          key={network.confirmBefore}
          leftMs={network.confirmBefore - view.now}
          kept={() => done(words.network.kept)}
          undone={() => done(words.network.undone)}
          over={reload}
        />
      )}
      <NetworkForm
        key={JSON.stringify(network.settings)}
        network={network}
        done={reload}
        gone={(place) => begun({ by: "network", place })}
      />
      <NameForm key={`name ${hostName}`} value={hostName} done={saved} />
      <TimeForm key={JSON.stringify(time)} value={time} done={saved} />
      <ProxyForm key={`proxy ${proxy.address}`} value={proxy.address} done={saved} />
      <SshForm fingerprint={view.sshFingerprint ?? ""} done={saved} />
    </>
  );
}
