// Append-only logs of records: framing, checksums, scanning, writing. Knows bytes only.

export { crc32c } from "./crc32c.ts";
export {
    corrupt,
    encodeLogHeader,
    FRAME_HEADER_BYTES,
    LOG_FORMAT_VERSION,
    LOG_HEADER_BYTES,
    type LogHeader,
    type LogRecord,
} from "./log-layout.ts";
export type { LogPort } from "./log-port.ts";
export { surveyFrames, surveyHeader, type SurveyedPart } from "./survey-frames.ts";
export { walkFrames, type WalkedFrame } from "./walk-frames.ts";
export { createLog, LogWriter, type EncodedBatch, type LogPosition } from "./log-writer.ts";
export { scanLog, type LogScan, type LogTail, type ScannedRecord } from "./scan-log.ts";
