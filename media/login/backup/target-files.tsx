import { Alert, Button, Table, Text } from "@mantine/core";
import { useState } from "react";
import { Failure } from "../failure.tsx";
import { momentText, sizeText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { RemoteFiles } from "./target-api.ts";

/** What lies at the target, once somebody asks; each can be fetched to the appliance. */
export function TargetFiles({ isBusy, begun }: { isBusy: boolean; begun: () => void }) {
  const { backups } = useTexts();
  const words = backups.target;
  const { api } = useSite();
  const [found, setFound] = useState<RemoteFiles>();
  const looking = useSubmit(async () => setFound(await api.backupTarget.files()));
  return (
    <div>
      <Button size="compact-sm" variant="default" loading={looking.isBusy} onClick={looking.submit}>
        {words.look}
      </Button>
      <Failure error={looking.error} />
      {found && "fault" in found && (
        <Alert color="red" role="alert" variant="light" mt="xs">
          {words.lookFailed(words.faults[found.fault])}
        </Alert>
      )}
      {found && "files" in found && <Files files={found.files} isBusy={isBusy} begun={begun} />}
    </div>
  );
}

function Files(props: {
  files: Extract<RemoteFiles, { files: unknown }>["files"];
  isBusy: boolean;
  begun: () => void;
}) {
  const { files, isBusy, begun } = props;
  const texts = useTexts();
  const language = useLanguage();
  const { backups } = texts;
  const words = backups.target;
  const { api } = useSite();
  const [error, setError] = useState<unknown>();
  const fetch = (name: string) => {
    setError(undefined);
    api.backupTarget.fetch(name).then(begun, setError);
  };
  if (files.length === 0) return <Text mt="xs">{words.noneThere}</Text>;
  return (
    <>
      <Failure error={error} />
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="sm" aria-label={words.there}>
          <Table.Tbody>
            {files.map(({ name, sizeBytes, madeAt }) => (
              <Table.Tr key={name}>
                <Table.Td className="code">{name}</Table.Td>
                <Table.Td>{sizeText(sizeBytes, language, texts)}</Table.Td>
                <Table.Td>{momentText(madeAt, language)}</Table.Td>
                <Table.Td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={words.fetchLabel(name)}
                    disabled={isBusy}
                    onClick={() => fetch(name)}
                  >
                    {words.fetch}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
