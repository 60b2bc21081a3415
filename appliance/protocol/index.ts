/**
 * The contract between all programs of Handrail: what goes over the wire, how a permission is
 * decided, how a recording is laid out. Imports nothing but zod, knows neither Node nor the DOM,
 * and does no input or output: sockets, timers and clocks belong to those who call it.
 */
export {
  type CertificateFacts,
  type ChainFacts,
  dueWarning,
  isNearEnd,
  type Lifetime,
  type Judgement,
  type Objection,
  type Remark,
  type RequestKey,
  requestKeys,
} from "./certificate/facts.ts";
export {
  type FormerCertificate,
  type HandOver,
  handOverLifetimeMs,
  handOverPath,
  handOversShape,
  handOverStatement,
  isHandedOver,
  isHandOverOver,
  type KnownIdentity,
  maxHandOvers,
} from "./certificate/hand-over.ts";
export {
  type CipherName,
  cipherNames,
  defaultTlsSettings,
  tlsFault,
  type TlsSettings,
  tlsSettingsShape,
} from "./certificate/tls.ts";
export { objectionText, remarkText } from "./certificate/words.ts";
export { Reader, Writer } from "./codec/buffer.ts";
export { decodeText, encodeText } from "./codec/struct.ts";
export {
  type ErrorCode,
  errorCatalogue,
  errorCodeOfWire,
  type ErrorEntry,
  HandrailError,
  isErrorCode,
  toHandrailError,
} from "./error.ts";
export {
  type ColleagueAsk,
  colleagueAsks,
  type ColleagueQuestion,
  type ColleagueQuestionKey,
  colleagueQuestionKeyShape,
  colleagueQuestionShape,
} from "./message/colleague.ts";
export {
  applianceToConsole,
  type Arrival,
  arrivalShape,
  type ArrivalStep,
  arrivalSteps,
  type KeyMailOutcome,
  consoleSide,
  type Presence,
  presenceShape,
  type Queue,
  queueShape,
  queuesShape,
  type QueuesView,
  type SessionKeyView,
  sessionKeyViewShape,
} from "./message/console.ts";
export { applianceToCustomer, type CustomerAnswer, customerSide } from "./message/customer.ts";
export { type ColleaguePointer, type Place, pointerShape } from "./message/pointer.ts";
export {
  type CallName,
  Dialogue,
  type Handlers,
  type Listeners,
  type Notice,
  type NoticeName,
  type Params,
  type Result,
  type Side,
} from "./message/dialogue.ts";
export {
  type KeptNote,
  keptNoteShape,
  maxNoteLength,
  noteShape,
  scriptHeldMs,
  type ScriptOrder,
  type ScriptSource,
  type ScriptSummary,
} from "./message/script.ts";
export {
  heartbeatMs,
  type Hello,
  helloShape,
  linkPath,
  linkSubprotocol,
  maxHelloBytes,
  resumeWithinMs,
  type Welcome,
  welcomeShape,
} from "./message/hello.ts";
export { Assembly } from "./mux/assembly.ts";
export {
  Channel,
  channelClasses,
  type ChannelKind,
  channelKinds,
  type ChannelListener,
  isChannelKind,
  receiveWindowBytes,
} from "./mux/channel.ts";
export { creditAfterBytes, SendWindow, windowBytes } from "./mux/credit.ts";
export {
  beatFrame,
  closeFrame,
  controlChannel,
  decodeFrame,
  encodeFrame,
  encodeFrameHeader,
  type Frame,
  type FrameType,
  frameTypes,
  isCounted,
  maxDataBytes,
  maxFrameBytes,
  openFrame,
  readBeat,
  readReset,
  readVarint,
  resetFrame,
  varintFrame,
} from "./mux/frame.ts";
export { LinkMemory, maxRetainedBytes } from "./mux/link.ts";
export { maxControlBytes, maxControlQueuedBytes, Mux, type MuxOptions } from "./mux/mux.ts";
export { type OpenRequest, readOpen } from "./mux/open.ts";
export { oneLine, visible } from "./person-text.ts";
export { type InputMessage, inputMessage } from "./screen/input.ts";
export { type Surface, SurfacePicture } from "./screen/picture.ts";
export { maxRowBytes, packRow, unpackRow } from "./screen/qoi.ts";
export {
  maxRects,
  maxSide,
  maxSurfacePixels,
  type SurfaceCopy,
  type SurfaceDisplay,
  type SurfaceMessage,
  surfaceMessage,
  type SurfaceRect,
  surfaceTags,
  type ViewerMessage,
  viewerMessage,
  viewerTags,
} from "./screen/surface.ts";
export {
  type ActionChoice,
  type ActionName,
  type ActionOrder,
  type ActionOutcome,
  type ActionPlatform,
  actionPlatforms,
  type ActionResult,
  type BuiltInAction,
  builtInActions,
  maxActionCommand,
  permissionOf,
} from "./message/action.ts";
export {
  type CustomerPurpose,
  customerPurposeShape,
  isPurposeOf,
  type Purpose,
  purposeShape,
} from "./message/purpose.ts";
export {
  type CannedMessage,
  cannedMessageShape,
  type FieldDefinition,
  fieldDefinitionShape,
  fieldKinds,
  type Answer,
  answerShape,
  maxAnswerLength,
  type QuestionKind,
  questionKinds,
  type SurveyAudience,
  surveyAudiences,
  type SurveyQuestion,
  surveyQuestionShape,
} from "./session/definitions.ts";
export {
  expandMacros,
  isMacroName,
  type MacroName,
  macroNames,
  type MacroValues,
  macroValues,
  unknownMacros,
} from "./session/macros.ts";
export {
  type Consent,
  consentRule,
  type ConsentRule,
  decide,
  type Decision,
  isRuledOut,
  mayEditScripts,
  mayMailKey,
  mayUseScript,
  type Permission,
  permissions,
  type PolicyLayer,
  type Question,
  type Role,
  type Rule,
  type Setting,
  siteDefaults,
} from "./session/policy.ts";
export { type Piece, piecesOf, webAddress } from "./links.ts";
export {
  contentFrom,
  isTool,
  maxAnswerBytes,
  type Tool,
  type ToolEvent,
  toolNames,
  tools,
  type ToolUse,
} from "./session/tools.ts";
export {
  type DownloadConsoleMessage,
  downloadConsoleMessage,
  type DownloadCustomerMessage,
  downloadCustomerMessage,
  maxSmallFileBytes,
  maxSmallFiles,
  type SmallFile,
} from "./tool/download.ts";
export {
  childPath,
  isName,
  isPath,
  isWithin,
  maxNameBytes,
  maxPathBytes,
  pathBytes,
  pathText,
  splitPath,
} from "./tool/file-path.ts";
export {
  DrawIntake,
  type DrawMessage,
  drawMessage,
  type DrawShape,
  drawShapes,
  maxDrawPoints,
  maxStrokePoints,
  strokeStaysMs,
} from "./tool/draw.ts";
export { fileErrorOf } from "./tool/file-error.ts";
export {
  type FileEntry,
  type FileError,
  type FileKind,
  type FilesConsoleMessage,
  filesConsoleMessage,
  type FilesCustomerMessage,
  filesCustomerMessage,
  type FoundFile,
  maxFileRequests,
} from "./tool/files.ts";
export {
  type FilesWriteConsoleMessage,
  filesWriteConsoleMessage,
  type FilesWriteCustomerMessage,
  filesWriteCustomerMessage,
  keepMode,
  type PutResult,
  type SmallUpload,
  uploadTokenBytes,
  type WriteCondition,
} from "./tool/files-write.ts";
export {
  checkCopy,
  type ClipboardCopy,
  type ClipboardFormat,
  clipboardFormats,
  type ClipboardGetMessage,
  clipboardGetMessage,
  type ClipboardGotMessage,
  clipboardGotMessage,
  ClipboardIntake,
  type ClipboardRefusal,
  clipboardRefusals,
  type ClipboardSendMessage,
  clipboardSendMessage,
  type ClipboardSentMessage,
  clipboardSentMessage,
  maxClipboardBytes,
  maxClipboardPixels,
  maxFollowingBytes,
  pngSize,
  sendPieces,
} from "./tool/clipboard.ts";
export {
  type ChatFile,
  ChatFileIntake,
  type ChatFileMessage,
  chatFileMessage,
  chatFileName,
  type ChatFileRefusal,
  chatFileRefusals,
  chatFileShape,
  type FileSending,
  maxChatFileBytes,
  type ReadAt,
  sendFilePieces,
  sizeText,
} from "./tool/chat-file.ts";
export {
  type ElevateConsoleMessage,
  elevateConsoleMessage,
  type ElevateCustomerMessage,
  elevateCustomerMessage,
  type ElevationPurpose,
  type ElevationRefusal,
  maxElevationAccountBytes,
  maxElevationPasswordBytes,
  scriptHash,
  scriptNeeds,
} from "./tool/elevate.ts";
export {
  type ShellConsoleMessage,
  shellConsoleMessage,
  type ShellCustomerMessage,
  shellCustomerMessage,
} from "./tool/shell.ts";
export {
  maxSystemRows,
  maxSystemText,
  type SystemAnswer,
  systemAnswer,
  systemCategories,
  type SystemCategory,
  type SystemFields,
  type SystemList,
  type SystemReport,
  type SystemRequest,
  systemRequest,
  type SystemValue,
} from "./tool/system.ts";
export { barsOf, type SystemBar } from "./tool/system-chart.ts";
export { readSystem, type SystemReadOptions } from "./tool/system-reader.ts";
export {
  maxSnapshotBytes,
  type SystemReading,
  type SystemSnapshot,
  systemSnapshot,
} from "./tool/system-snapshot.ts";
export { jsonOf, linesOf, markdownOf, rowText, type SystemWords } from "./tool/system-text.ts";
export { timeText, type ValueWords, valueText } from "./tool/system-value.ts";
export { systemWords } from "./tool/system-words.ts";
export {
  type ServiceVerb,
  serviceNameShape,
  serviceVerbs,
  type SystemAct,
  type SystemActAnswer,
  systemActAnswer,
  type SystemActRequest,
  systemActRequest,
  systemActShape,
  type SystemOutcome,
  systemOutcomes,
} from "./tool/system-act.ts";
export {
  maxScriptLength,
  maxScriptNameLength,
  newScript,
  type NewScriptWords,
  readScript,
  renameScript,
  type ScriptDocument,
  type ScriptFault,
  type ScriptFaultCode,
  scriptFaultCodes,
  type ScriptField,
  scriptFields,
  type ScriptPlatform,
  scriptPlatforms,
} from "./script/document.ts";
export {
  checkScript,
  expandScript,
  type Interpreter,
  interpreterOf,
  isAdvice,
  macroVariables,
  variableOf,
} from "./script/expansion.ts";
export {
  type CellResult,
  cellResultShape,
  type RunbookCell,
  runbookShape,
} from "./script/runbook.ts";
export {
  type ScriptConsoleMessage,
  scriptConsoleMessage,
  type ScriptCustomerMessage,
  scriptCustomerMessage,
  type ScriptEnd,
  scriptEnds,
} from "./tool/script.ts";
export {
  decodeSeekPoint,
  encodeRecord,
  encodeSeekPoint,
  recordingMagic,
  RecordingReader,
  type RecordingMeta,
  type RecordingRecord,
  type RecordKind,
  recordKinds,
  type SeekPoint,
} from "./session/recording.ts";
export {
  beganAt,
  externalKeyField,
  type FieldValue,
  fieldValueShape,
  maxFieldLength,
  type ChatMessage,
  chatMessageShape,
  type Customer,
  customerShape,
  type EndReason,
  endReasons,
  type Participant,
  type PersonLanguage,
  personLanguages,
  type PermissionState,
  type ScreenFault,
  type SessionEnd,
  type SessionEvent,
  sessionEventShape,
  type SessionView,
  sessionViewShape,
  type SnapshotState,
  snapshotStates,
} from "./session/state.ts";
export { colourOf, participantColours } from "./session/colours.ts";
export { transcript, type TranscriptWords } from "./session/transcript.ts";
export {
  formatSessionKey,
  generalQueue,
  isLsid,
  isQueueId,
  isRepresentativeId,
  isSessionKey,
  type Lsid,
  parseLsid,
  parseSessionKey,
  personalQueue,
  type QueueId,
  queueKind,
  type RepresentativeId,
  type SessionKey,
  type UnixMs,
} from "./terms.ts";
export { negotiate, protocolVersions, restartsSinceVersion } from "./version.ts";
