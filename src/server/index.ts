// Our protocol: LSP and JSON-RPC. The daemon, the bridge that editors start, the typed client.

export { runBridge } from "./bridge.ts";
export {
    type DaemonClient,
    type RequestName,
    type RequestOptions,
    type RequestParams,
    type RequestResult,
} from "./client.ts";
export { connectDaemon, endDaemon } from "./connect.ts";
export { runDaemon, runInProcess } from "./with-engine.ts";
export type {
    BridgeOptions,
    ConnectOptions,
    DaemonOptions,
    DaemonSettings,
    InProcessOptions,
    WorkspaceOptions,
} from "./options.ts";
