import { isLsid, type Lsid } from "@handrail/protocol";
import { type MouseEvent, useSyncExternalStore } from "react";

/** The pages that the menu shows, in its order. */
export const menu = {
  site: ["status", "representatives", "teams", "conversation", "actions", "sessions", "audit"],
  appliance: [
    "site",
    "health",
    "storage",
    "backups",
    "certificate",
    "syslog",
    "mail",
    "updates",
    "machine",
  ],
} as const;
/** A page of the menu. */
export type MenuPage = (typeof menu)[keyof typeof menu][number];

/** What an address of the administration shows. */
export type Route =
  | { readonly page: MenuPage }
  | { readonly page: "session"; readonly lsid: Lsid }
  | { readonly page: "account" }
  | { readonly page: "first-steps" }
  | { readonly page: "unknown" };

const root = "/login";
const changed = "handrail:route";

/** What the page's address shows. */
export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return readRoute(path);
}

/** The page's address, with what is behind #. */
export function usePlace(): string {
  return useSyncExternalStore(subscribe, () => location.pathname + location.hash);
}

/** The route of a path. */
export function readRoute(path: string): Route {
  const [page = "", lsid, ...more] = path.slice(root.length).split("/").filter(Boolean);
  if (page === "" || page === "index.html") return { page: "status" };
  if (page === "sessions" && lsid !== undefined && isLsid(lsid) && more.length === 0) {
    return { page: "session", lsid };
  }
  if ((page === "account" || page === "first-steps") && lsid === undefined) return { page };
  const known = [...menu.site, ...menu.appliance].find((each) => each === page);
  return known && lsid === undefined ? { page: known } : { page: "unknown" };
}

/** The address of a page. */
export function pathOf(route: Exclude<Route, { page: "unknown" }>): string {
  return route.page === "session" ? `${root}/sessions/${route.lsid}` : `${root}/${route.page}`;
}

/** Shows another page without loading it. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  dispatchEvent(new Event(changed));
  scrollTo(0, 0);
}

/** Properties of a link to a page: a plain click stays here, all others are the browser's. */
export function linkTo(path: string): { href: string; onClick: (event: MouseEvent) => void } {
  return {
    href: path,
    onClick: (event) => {
      const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
      if (!isPlain || event.altKey) return;
      event.preventDefault();
      navigate(path);
    },
  };
}

function subscribe(listener: () => void): () => void {
  addEventListener("popstate", listener);
  addEventListener(changed, listener);
  return () => {
    removeEventListener("popstate", listener);
    removeEventListener(changed, listener);
  };
}
