import { Alert, Button, Group } from "@mantine/core";
import { ApiError } from "./request.ts";
import { useTexts } from "./language.tsx";
import type { Texts } from "./texts.ts";

/** What went wrong, in the words of the reader. */
export function failureText(error: unknown, texts: Texts): string {
  if (!(error instanceof ApiError)) return texts.errors.internal;
  if (error.code === undefined) return texts.networkError;
  const { code, field } = error;
  if (code === "conflict" && field === "name") return texts.representatives.nameTaken;
  if (code === "not-permitted" && field === "code") return texts.codeWrong;
  if (code === "password-wrong" && field === "code") return texts.secondFactor.wrongCode;
  return texts.errors[code];
}

/** The message for one field of a form, when it is the one at fault. */
export function fieldFailure(error: unknown, field: string, texts: Texts): string | undefined {
  if (!(error instanceof ApiError) || error.field !== field) return undefined;
  const isTold = ["conflict", "not-permitted", "password-wrong"].includes(error.code ?? "");
  // The appliance says what is wrong with it in English; that is better than nothing.
  return isTold ? failureText(error, texts) : error.message || failureText(error, texts);
}

/** Whether a field of a form is at fault, or one of its entries. */
export function isAt(error: unknown, field: string): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.field === field || (error.field?.startsWith(`${field}.`) ?? false);
}

/** Says what went wrong, aloud too, with a way to try again where there is one. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const texts = useTexts();
  if (error === undefined) return null;
  return (
    <Alert color="red" role="alert" variant="light">
      <Group justify="space-between">
        {failureText(error, texts)}
        {retry && (
          <Button color="red" size="compact-sm" variant="outline" onClick={retry}>
            {texts.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
