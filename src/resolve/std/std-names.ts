// The names that members of std's types and traits have: a name that is none of them cannot be captured there.

import { readTextSync } from "../../platform/index.ts";
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

let words: ReadonlySet<string> | undefined;

/** Whether anything in std could have the name: it stands somewhere in what is known of std. */
export function isStdName(name: string): boolean {
    words ??= readWords();
    return words.has(name);
}

function readWords(): Set<string> {
    const found = new Set<string>();
    for (const file of STD_SUMMARY_FILES) {
        const text = readTextSync(new URL(file, import.meta.url));
        for (const [word] of text.matchAll(/[\p{XID_Start}_]\p{XID_Continue}*/gu)) {
            found.add(word);
            // A letter before it says what it is.
            found.add(word.slice(1));
        }
    }
    return found;
}
