// What was done to the workspace, and what was refused.

export { OperationLog, type OperationRecord, type OperationResult } from "./operation-log.ts";
