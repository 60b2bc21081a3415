import { type MachineFault, machineFaults } from "@handrail/protocol/upkeep";
import { Alert } from "@mantine/core";
import { ApiError } from "../request.ts";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";

/** Why the machine has not taken a setting, where that is what is wrong. */
export function machineFault(error: unknown): MachineFault | undefined {
  const field = error instanceof ApiError ? error.field : undefined;
  return machineFaults.find((fault) => field === `machine-${fault}`);
}

/** What a field says of the faults that concern it. */
export function useFieldFault(error: unknown): (...ofField: MachineFault[]) => string | undefined {
  const { faults } = useTexts().machine;
  const fault = machineFault(error);
  return (...ofField) =>
    fault !== undefined && ofField.includes(fault) ? faults[fault] : undefined;
}

/** What went wrong, unless a field of the form says it. */
export function MachineFailure({ error, inFields }: { error: unknown; inFields: MachineFault[] }) {
  const { faults } = useTexts().machine;
  const fault = machineFault(error);
  if (fault === undefined) return <Failure error={error} />;
  if (inFields.includes(fault)) return null;
  return (
    <Alert color="red" role="alert" variant="light">
      {faults[fault]}
    </Alert>
  );
}
