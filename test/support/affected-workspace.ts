// A workspace in a git repository of its own, whose edits affect tests.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { absPath, type CancelSignal } from "../../src/base/index.ts";
import { findAffected } from "../../src/engine/find-affected.ts";
import { realPorts } from "../../src/engine/real-ports.ts";
import { WorkspaceEngine } from "../../src/engine/workspace-engine.ts";
import type { AffectedResult } from "../../src/protocol/index.ts";
import { KeptLog } from "./engine-fixture.ts";
import { MemoryGraph } from "./memory-graph.ts";
import { git } from "./table-queries.ts";

/** Files by path; undefined removes one. */
export type Files = Readonly<Record<string, string | undefined>>;

/** Commits files, edits some of them, and asks which tests that affects. */
export async function affectedBy(
    before: Files,
    edits: Files,
    signal?: CancelSignal,
): Promise<AffectedResult> {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-affected-")));
    const write = (files: Files): void => {
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(dirname(join(root, path)), { recursive: true });
            if (text === undefined) {
                rmSync(join(root, path));
            } else {
                writeFileSync(join(root, path), text);
            }
        }
    };
    write(before);
    git(root, "init", "-q");
    git(root, "add", "-A");
    git(root, "commit", "-qm", "base");
    write(edits);
    const graph = new MemoryGraph();
    const engine = new WorkspaceEngine(
        {
            root: absPath(root),
            storeFolder: join(root, ".ferrograph"),
            trusted: false,
            watch: false,
            logger: new KeptLog(),
        },
        { ...realPorts(), openGraph: () => Promise.resolve(graph) },
    );
    try {
        const result = await findAffected(engine, { client: "test", signal }, { since: "HEAD" });
        if ("kind" in result) {
            throw new Error(`refused: ${result.message}`);
        }
        return result;
    } finally {
        await engine.close();
        rmSync(root, { recursive: true, force: true });
    }
}

/** Tests as `package: name`, with a star for all below a name and for whole packages. */
export function namesOf({ tests }: AffectedResult): string[] {
    return tests
        .map(
            ({ package: name, test, extent }) => `${name}: ${extent === "one" ? test : `${test}*`}`,
        )
        .sort();
}
