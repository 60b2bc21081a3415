import type { Platform } from "../screen/keysym.ts";

/** Whose keyboard conventions this page's computer follows. */
export function platform(): Platform {
  const { userAgent } = navigator;
  if (/Mac OS X|iPhone|iPad/.test(userAgent)) return "mac";
  return userAgent.includes("Windows") ? "windows" : "linux";
}
