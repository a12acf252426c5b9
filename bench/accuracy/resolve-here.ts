// Captures and resolves a workspace in this process, for questions about every one of its tokens.

import path from "node:path";

import { absPath } from "../../src/base/index.ts";
import { loadWorkspace } from "../../src/capture/index.ts";
import { readBytesSync } from "../../src/platform/index.ts";
import { resolveWorkspace, type ResolvedWorkspace } from "../../src/resolve/index.ts";
import { openSyntax, type FileCapture } from "../../src/syntax/index.ts";
import type { WorkspaceModel } from "../../src/workspace/index.ts";

/** A workspace as our resolver sees it. */
export interface ResolvedHere {
    readonly root: string;
    readonly model: WorkspaceModel;
    readonly texts: ReadonlyMap<string, string>;
    readonly captures: ReadonlyMap<string, FileCapture>;
    readonly resolution: ResolvedWorkspace;
}

/** Captures and resolves; files that are not UTF-8 are left out, as the daemon does. */
export async function resolveHere(root: string): Promise<ResolvedHere> {
    const model = await loadWorkspace(root, { trusted: true });
    const syntax = await openSyntax();
    const texts = new Map<string, string>();
    const captures = new Map<string, FileCapture>();
    for (const file of model.rustFiles) {
        const text = decodeStrictly(readBytesSync(absPath(path.join(root, file))));
        if (text !== undefined) {
            texts.set(file, text);
            captures.set(file, syntax.capture(file, text));
        }
    }
    return { root, model, texts, captures, resolution: resolveWorkspace({ model, captures }) };
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return undefined;
    }
}
