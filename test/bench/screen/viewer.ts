// The page of the benchmark's viewer: the console's own screen, without VS Code around it.

import { Screen } from "../../../media/screen/screen.ts";

interface Counted {
  updates: number;
  firstMs: number;
  fault: string;
}

declare global {
  interface Window {
    counted: Counted;
    start(offer: { url: string; token: string }): void;
  }
}

const startedAt = performance.now();
let isFrameDue = false;
window.counted = { updates: 0, firstMs: 0, fault: "" };
const screen = new Screen({
  platform: "linux",
  listener: {
    grabbed: () => undefined,
    displays: () => undefined,
    painted: () => {
      window.counted.firstMs ||= performance.now() - startedAt;
      if (isFrameDue) return;
      // What is painted within one frame is one update to whoever looks.
      isFrameDue = true;
      requestAnimationFrame(() => {
        isFrameDue = false;
        window.counted.updates++;
      });
    },
    statistics: () => undefined,
    lost: (reason) => (window.counted.fault = reason),
    failed: (fault) => (window.counted.fault = fault.message),
    pressedIdle: () => undefined,
    answer: () => undefined,
    taken: () => undefined,
  },
});
document.querySelector("#place")?.append(screen.element);
screen.setView({ zoom: "actual", monitor: "all" });
screen.setControlling(true);
window.start = (stream) => screen.open({ stream });
