import { useCallback, useEffect, useMemo, useState } from "react";
import { useAnchor } from "./anchor.ts";
import { Api, type SiteState } from "./api.ts";
import { AuditPage } from "./audit.tsx";
import { BackupsPage } from "./backup/backups.tsx";
import { CertificatePage } from "./certificate/page.tsx";
import { ConversationPage } from "./conversation.tsx";
import { Failure } from "./failure.tsx";
import { FirstStepsPage } from "./first-steps/page.tsx";
import { useTexts } from "./language.tsx";
import { MachinePage } from "./machine/page.tsx";
import { Notice } from "./notice.tsx";
import { Page, Waiting } from "./page.tsx";
import { RepresentativesPage } from "./representatives.tsx";
import { navigate, pathOf, type Route, useRoute } from "./route.ts";
import { SessionPage } from "./session.tsx";
import { SessionsPage } from "./sessions.tsx";
import { SetUp } from "./set-up.tsx";
import { Shell } from "./shell.tsx";
import { AccountPage } from "./second-factor/account.tsx";
import { OfferFront, SecondStep } from "./second-factor/front.tsx";
import { SignIn } from "./sign-in.tsx";
import { SiteContext } from "./site.ts";
import { SpecialActionsPage } from "./special-actions.tsx";
import { StatusPage } from "./status.tsx";
import { TeamsPage } from "./teams.tsx";
import { MailPage } from "./mail/page.tsx";
import { SiteSettingsPage } from "./site-settings/page.tsx";
import { SyslogPage } from "./syslog/page.tsx";
import { HealthPage } from "./upkeep/health.tsx";
import { StoragePage } from "./upkeep/storage.tsx";
import { UpdatesPage } from "./update/updates.tsx";

/** Shows set-up, sign-in or the pages, as the site's state asks for. */
export function App() {
  const [state, setState] = useState<SiteState>();
  const [error, setError] = useState<unknown>();
  const [hasEnded, setHasEnded] = useState(false);
  const [notice, setNotice] = useState("");
  const [isNew, setIsNew] = useState(false);

  const load = useCallback(() => {
    setError(undefined);
    new Api().state().then(setState, setError);
  }, []);
  useEffect(load, [load]);
  const signedOut = useCallback(() => {
    setHasEnded(true);
    load();
  }, [load]);
  const signedIn = useCallback(() => {
    setHasEnded(false);
    load();
  }, [load]);

  const isSetUp = useCallback(() => {
    setIsNew(true);
    load();
  }, [load]);

  const me = state?.signedIn;
  const site = useMemo(
    () =>
      me && {
        ...{ me, api: new Api(me.csrf), notify: setNotice, signedOut },
        ...{ siteName: state.siteName, version: state.version },
      },
    [me, state, signedOut],
  );

  if (error !== undefined) {
    return (
      <main className="front-main">
        <Failure error={error} retry={load} />
      </main>
    );
  }
  if (!state) return <Waiting />;
  if (state.setUpNeeded) return <SetUp siteName={state.siteName} done={isSetUp} />;
  if (!site && state.next) {
    const { next, siteName } = state;
    return <SecondStep {...{ next, siteName }} done={signedIn} over={signedOut} />;
  }
  if (!site) return <SignIn siteName={state.siteName} hasEnded={hasEnded} done={signedIn} />;
  if (isNew) {
    return (
      <SiteContext value={site}>
        <OfferFront
          done={() => {
            setIsNew(false);
            navigate(pathOf({ page: "first-steps" }));
          }}
        />
      </SiteContext>
    );
  }
  return (
    <SiteContext value={site}>
      <Shell leave={load}>
        <Content isAdministrator={site.me.role === "administrator"} />
      </Shell>
      <Notice text={notice} clear={() => setNotice("")} />
    </SiteContext>
  );
}

/** Representatives see the sessions that they took part in; all else is for administrators. */
function Content({ isAdministrator }: { isAdministrator: boolean }) {
  const texts = useTexts();
  const route = useRoute();
  useAnchor();
  const isForAll =
    route.page === "sessions" || route.page === "session" || route.page === "account";
  if (isAdministrator || isForAll) return <Routed route={route} />;
  return <Page title={texts.account.notAdministrator}>{texts.account.notAdministratorText}</Page>;
}

/** The page of an address. */
function Routed({ route }: { route: Route }) {
  const texts = useTexts();
  switch (route.page) {
    case "status":
      return <StatusPage />;
    case "account":
      return <AccountPage />;
    case "first-steps":
      return <FirstStepsPage />;
    case "representatives":
      return <RepresentativesPage />;
    case "teams":
      return <TeamsPage />;
    case "actions":
      return <SpecialActionsPage />;
    case "conversation":
      return <ConversationPage />;
    case "sessions":
      return <SessionsPage />;
    case "session":
      return <SessionPage key={route.lsid} lsid={route.lsid} />;
    case "audit":
      return <AuditPage />;
    case "site":
      return <SiteSettingsPage />;
    case "health":
      return <HealthPage />;
    case "storage":
      return <StoragePage />;
    case "backups":
      return <BackupsPage />;
    case "certificate":
      return <CertificatePage />;
    case "mail":
      return <MailPage />;
    case "syslog":
      return <SyslogPage />;
    case "updates":
      return <UpdatesPage />;
    case "machine":
      return <MachinePage />;
    case "unknown":
      return <Page title={texts.notFound}>{texts.notFoundText}</Page>;
  }
}
