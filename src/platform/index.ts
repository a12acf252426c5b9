// The only folder that touches the operating system: files, processes, watching, threads, sockets,
// locks, clocks and the log, as small functions and ports.

export { CallPace } from "./call-pace.ts";
export { optimizeBriefly, optimizeForQuestions, optimizeLater } from "./code-tiers.ts";
export {
    availableMemoryBytes,
    cacheFolder,
    collectGarbage,
    cpuCount,
    environmentVariable,
    environmentVariables,
    heapFlags,
    homeFolder,
    isTerminal,
    isWindows,
    memoryUsageBytes,
    monotonicMs,
    nodeExecutable,
    packageVersion,
    wallClockMs,
} from "./environment.ts";
export {
    copyEntry,
    listEverything,
    overlayFolder,
    readLinkIfThere,
    type FolderEntry,
    type ListEverythingOptions,
} from "./copy-files.ts";
export type { DirectFile } from "./direct-file.ts";
export { realDisk, type Disk } from "./disk.ts";
export type { FileCalls, MappedBytes } from "./file-calls.ts";
export {
    copyFileAtomic,
    findRealPath,
    hashFileIfThere,
    keepNewest,
    listFolder,
    makeFolder,
    makeTemporaryFolder,
    moveFile,
    readBytes,
    readBytesAtMost,
    readBytesIfThere,
    readBytesSync,
    readPieces,
    readTextSync,
    removeFile,
    removeFolder,
    setModified,
    statFile,
    statFileSync,
    writeFileAtomic,
    writeProgram,
    type FileStat,
} from "./files.ts";
export { HelperProcess, serveHelper } from "./helper-process.ts";
export { listStats } from "./list-stats.ts";
export { listRustFiles, listTree, type ListTreeOptions } from "./list-tree.ts";
export { connectLocal, listenLocal, socketPathFor, type LocalListener } from "./local-socket.ts";
export { acquireLock, findLockOwner, type Lock } from "./lock-file.ts";
export { openLogFile, type LogFile, type LogFileMode } from "./log-file.ts";
export { watchProcessMemory, type MemoryWatch } from "./process-memory.ts";
export {
    createLogger,
    LOG_LEVELS,
    type Logger,
    type LoggerOptions,
    type LogLevel,
} from "./logger.ts";
export {
    ProcessFailure,
    requireSuccess,
    runProcess,
    startDetached,
    startProcess,
    type RunningProcess,
    type RunOptions,
    type RunResult,
} from "./run-process.ts";
export { fallbackFolder, findStoreFolder, prepareStoreFolder } from "./store-folder.ts";
export {
    joinChanges,
    watchTree,
    type ChangeKind,
    type TreeChange,
    type TreeWatcher,
    type WatchTreeOptions,
} from "./watch-tree.ts";
export {
    createWorkerPool,
    serveWorker,
    type WorkerAnswer,
    type WorkerPool,
    type WorkerPoolOptions,
} from "./worker-pool.ts";
