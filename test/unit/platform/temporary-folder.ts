// A folder that lives as long as one test.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { onTestFinished } from "vitest";

/** Makes a folder with the given files; it is removed when the test ends. */
export function temporaryFolder(files: Readonly<Record<string, string>> = {}): string {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "ferro-")));
    onTestFinished(() => {
        rmSync(root, { recursive: true, force: true });
    });
    for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
    }
    return root;
}
