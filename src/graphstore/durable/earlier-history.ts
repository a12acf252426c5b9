// Reads the part of a history that opening took on trust, because the tables on disk stand for it, and
// compares its running hash: every byte of it is the one that was written, or the first that is not is named.

import type { Pause } from "../../base/index.ts";
import { corrupt, crc32c, framesOf } from "../../wal/index.ts";
import { extendLogHash, startLogHash } from "../replay-log.ts";
import { firstRecordAt, type HistoryFile } from "./history-file.ts";
import type { LogMark } from "./log-mark.ts";

const WINDOW_BYTES = 1 << 20;

/** Checks a history from its first record to a mark; throws LOG_CORRUPT. */
export async function checkEarlier(
    { port, header, base }: HistoryFile,
    mark: LogMark,
    pause: Pause,
): Promise<void> {
    const seed = crc32c(header.storeUuid);
    let at = firstRecordAt(base);
    let logHash = base?.mark.logHash ?? startLogHash(await port.readAt(0, at));
    let wanted = WINDOW_BYTES;
    while (at < mark.logEnd) {
        const window = await port.readAt(at, Math.min(wanted, mark.logEnd - at));
        let read = 0;
        for (const { bytes } of framesOf(window, 0, seed)) {
            logHash = extendLogHash(logHash, bytes);
            read += bytes.length;
        }
        if (read === 0 && window.length < wanted) {
            throw corrupt(port.path, at, "bytes that had been durable have changed");
        }
        wanted = read === 0 ? wanted * 2 : WINDOW_BYTES;
        at += read;
        await pause();
    }
    if (Buffer.compare(logHash, mark.logHash) !== 0) {
        throw corrupt(port.path, at, "what stands before does not lead to the recorded hash");
    }
}
