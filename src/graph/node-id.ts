// Node ids: made from canonical paths, and written as 16 hex digits at the borders.

import { hash } from "node:crypto";

import { OperatingError } from "../base/index.ts";
import type { NodeId } from "./model.ts";

/** Computes the id of a symbol: the first 8 bytes of SHA-256 over its canonical path, big-endian. */
export function nodeIdOf(pathText: string): NodeId {
    return hash("sha256", pathText, "buffer").readBigUInt64BE(0) as NodeId;
}

/**
 * Computes the id of a basic block: stable while the item's path and the block's number are. `part` is the
 * closure inside the item whose block it is, empty for the item's own body.
 */
export function blockNodeId(owner: NodeId, part: string, block: number): NodeId {
    return nodeIdOf(`${formatNodeId(owner)} ${part} bb${block}`);
}

/** Writes an id as 16 lower-case hex digits. */
export function formatNodeId(id: NodeId): string {
    return id.toString(16).padStart(16, "0");
}

/** Reads an id from its 16 hex digits; throws GRAPH_BAD_ID for any other text. */
export function parseNodeId(text: string): NodeId {
    if (!/^[0-9a-f]{16}$/u.test(text)) {
        throw new OperatingError("GRAPH_BAD_ID", `"${text}" is not a node id of 16 hex digits`);
    }
    return BigInt(`0x${text}`) as NodeId;
}
