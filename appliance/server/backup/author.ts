/** Who wants something; the audit log has it. */
export interface BackupAuthor {
  readonly name: string;
  readonly id?: string | undefined;
}
