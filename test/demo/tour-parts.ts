import type { Workbench } from "../console/workbench.ts";
import type { CustomerWindow } from "../support/help-window.ts";
import type { Stage } from "./stage.ts";

/** What steps of the demonstration are taken with. */
export interface TourParts {
  readonly stage: Stage;
  readonly workbench: Workbench;
  readonly customer: CustomerWindow;
  /** Says what comes next. */
  readonly begin: (step: string) => void;
  readonly picture: (name: string) => Promise<void>;
}
