import { AppShell, Burger, Button, Group, Menu, NavLink, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useEffect } from "react";
import { LanguageMenu, useTexts } from "./language.tsx";
import { Logo } from "./logo.tsx";
import { linkTo, menu, type MenuPage, pathOf, useRoute } from "./route.ts";
import { useSite } from "./site.ts";

/** What stands around every page: who and where one is, and where one can go. */
export function Shell({ leave, children }: { leave: () => void; children: ReactNode }) {
  const texts = useTexts();
  const route = useRoute();
  const { me, siteName, version } = useSite();
  const [isOpen, { toggle, close }] = useDisclosure();
  useEffect(close, [route.page, close]);
  const isAdministrator = me.role === "administrator";
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" fw={600} className="site">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={texts.menu}
              aria-expanded={isOpen}
            />
            <Logo size={30} />
            <span className="site-name">{siteName}</span>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LanguageMenu />
            <AccountMenu leave={leave} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={texts.administration}>
        <AppShell.Section grow component={ScrollArea}>
          <Links pages={isAdministrator ? menu.site : ["sessions"]} />
          {isAdministrator && (
            <div role="group" aria-labelledby="menu-appliance">
              <Text id="menu-appliance" size="xs" fw={600} c="dimmed" px="sm" pt="md" pb={4}>
                {texts.appliance}
              </Text>
              <Links pages={menu.appliance} />
            </div>
          )}
        </AppShell.Section>
        <Text size="xs" c="dimmed" p="xs">
          Handrail {version}
        </Text>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <div className="page">{children}</div>
      </AppShell.Main>
    </AppShell>
  );
}

function Links({ pages }: { pages: readonly MenuPage[] }) {
  const texts = useTexts();
  const route = useRoute();
  const current = route.page === "session" ? "sessions" : route.page;
  return pages.map((page) => (
    <NavLink
      key={page}
      label={texts.pages[page]}
      active={page === current}
      aria-current={page === current ? "page" : undefined}
      {...linkTo(pathOf({ page }))}
    />
  ));
}

function AccountMenu({ leave }: { leave: () => void }) {
  const texts = useTexts();
  const { api, me, signedOut } = useSite();
  const signOut = () => {
    api.signOut().then(leave, signedOut);
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="default" aria-label={texts.account.menu(me.displayName)}>
          <span className="account-name">{me.displayName}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}, {texts.roles[me.role]}
        </Menu.Label>
        <Menu.Item component="a" {...linkTo(pathOf({ page: "account" }))}>
          {texts.secondFactor.account}
        </Menu.Item>
        {me.role === "administrator" && (
          <Menu.Item component="a" {...linkTo(pathOf({ page: "first-steps" }))}>
            {texts.firstSteps.title}
          </Menu.Item>
        )}
        <Menu.Item onClick={signOut}>{texts.account.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
