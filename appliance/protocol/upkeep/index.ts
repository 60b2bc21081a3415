/**
 * The part of the contract that concerns the appliance's upkeep alone: its own pages at /login and
 * the `handrail` command. No console and no customer client needs it.
 */
export { type AuditKind, auditKinds } from "./audit.ts";
export {
  type BackupTarget,
  type BackupTargetFault,
  backupTargetFaults,
  type BackupTargetForm,
  type BackupTargetOutcome,
  type BackupTargetState,
  type BackupTargetTrouble,
  type BackupTransfer,
  type RemoteBackup,
  type S3Target,
  type SftpTarget,
} from "./backup-target.ts";
export {
  type AcmeAnswer,
  type AcmeFault,
  acmeFaultShape,
  type AcmeForm,
  acmeFormShape,
  type AcmeProof,
  acmeProofs,
  type AcmeReason,
  type AcmeSettings,
  acmeSettingsShape,
  type AcmeView,
  usualAcmeDirectory,
} from "./acme.ts";
export { acmeFaultText, acmeOwnWords } from "./acme-words.ts";
export {
  type HealthReading,
  type HealthReport,
  healthReportShape,
  type HealthSubject,
  healthSubjects,
  type HealthVerdict,
} from "./health.ts";
export {
  type MachineFault,
  machineFaults,
  type MachineState,
  machineStateShape,
  type NetworkSettings,
  networkSettingsShape,
  type NetworkState,
  type ProxySettings,
  proxySettingsShape,
  type SshSettings,
  sshFormShape,
  sshSettingsShape,
  type TimeSettings,
  timeSettingsShape,
} from "./machine.ts";
export {
  type MailFault,
  mailFaults,
  mailSecurities,
  type MailSecurity,
  type MailSettings,
  type MailState,
  type MailTrouble,
} from "./mail.ts";
export {
  type DebianUpdates,
  type MaintenanceWindow,
  type OfferedRelease,
  type ReleaseChannelFault,
  releaseChannelFaults,
  type ReleaseChannelState,
  type ReleaseChannelTrouble,
  type UpkeepSettings,
  type UpkeepWay,
  upkeepWays,
} from "./release-channel.ts";
export {
  type Disk,
  type Removal,
  type RetentionSettings,
  retentionShape,
  storageKinds,
  type StorageUse,
} from "./storage.ts";
export {
  healthAdvice,
  type HealthFormat,
  healthJudgementText,
  healthShare,
  healthSubjectText,
  healthValueText,
} from "./words.ts";
