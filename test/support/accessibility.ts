import axe from "axe-core";
import type { Frame, Page } from "./chromium.ts";

/**
 * What axe finds wrong in a page or a frame of one that keeps people from using it: its serious and
 * critical violations of WCAG 2.1 A and AA, each as its rule with the places where it is broken.
 */
export async function violations(place: Page | Frame): Promise<string[]> {
  // By way of the debugger, which the page's content security policy does not bind.
  await place.evaluate(axe.source);
  const found = await place.evaluate(
    async (tags) => {
      // What is fading in has not its colours yet.
      const passing = document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(passing.map(({ finished }) => finished));
      const { violations: all } = await window.axe.run(document, {
        iframes: false,
        resultTypes: ["violations"],
        runOnly: { type: "tag", values: tags },
      });
      return all
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, help, nodes }) =>
          nodes.map(({ html, any }) => `${id}: ${help}: ${html} ${any[0]?.message ?? ""}`),
        );
    },
    ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
  );
  return found;
}

declare global {
  interface Window {
    /** Put there by `violations`. */
    axe: typeof axe;
  }
}
