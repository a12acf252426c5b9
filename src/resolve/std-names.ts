// The names that members of std's types and traits have: a name that is none of them cannot be captured there.

import { readTextSync } from "../platform/index.ts";
import { STD_SUMMARY_FILES } from "./std-summary.ts";

let names: ReadonlySet<string> | undefined;

/** Whether a member of some type or trait of std has the name. */
export function isStdMemberName(name: string): boolean {
    names ??= readNames();
    return names.has(name);
}

function readNames(): Set<string> {
    const found = new Set<string>();
    for (const file of STD_SUMMARY_FILES) {
        const text = readTextSync(new URL(file, import.meta.url));
        // Fields, variants, inherent and trait members: a letter, then the name.
        for (const [, name = ""] of text.matchAll(
            /^[fgvwmupq](?:r#)?([\p{XID_Start}_]\p{XID_Continue}*)/gmu,
        )) {
            found.add(name);
        }
    }
    return found;
}
