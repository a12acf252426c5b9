// Append-only logs of records, and logs that begin anew in epochs: framing, checksums, scanning, writing.
// Knows bytes only.

export { crc32c } from "./crc32c.ts";
export { encodeFrames, type FramePlace } from "./encode-frames.ts";
export {
    EPOCH_FORMAT_VERSION,
    EPOCH_FRAMES_AT,
    epochSeed,
    newestHeader,
    type EpochHeader,
} from "./epoch-layout.ts";
export { beginEpoch, EpochWriter, framesBytes, type EpochPosition } from "./epoch-writer.ts";
export { framesOf, type GoodFrame } from "./frames-of.ts";
export {
    corrupt,
    decodeLogHeader,
    encodeLogHeader,
    LOG_FORMAT_VERSION,
    LOG_HEADER_BYTES,
    LOG_MAGIC,
    logFormatVersion,
    type LogHeader,
    type LogRecord,
} from "./log-layout.ts";
export type { LogPort } from "./log-port.ts";
export {
    findLaterFrames,
    scanEpochLog,
    type EpochScan,
    type LaterFrames,
} from "./scan-epoch-log.ts";
export {
    frameSeed,
    scanFrames,
    scanLog,
    type LogScan,
    type LogTail,
    type ScannedRecord,
    type ScanPlace,
} from "./scan-log.ts";
export { surveyFrames, surveyHeader, type SurveyedPart } from "./survey-frames.ts";
export { walkFrames, type WalkedFrame } from "./walk-frames.ts";
export { WriteGuard } from "./write-guard.ts";
