// Levels of lints that `.cargo/config.toml` gives to all crates of a Cargo workspace by `rustflags`. What other
// folders' configurations and the environment add is not read.
// Source: https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags.

import { asTable, tableAt, type Table } from "./json-view.ts";
import { parseTomlTable } from "./manifest.ts";
import type { LintSetting } from "./model.ts";

const LEVELS: Readonly<Record<string, string>> = {
    A: "allow",
    W: "warn",
    D: "deny",
    F: "forbid",
};

/** Reads the levels in the order of the flags; nothing of a text that is no TOML, which Cargo itself complains of. */
export function lintsOfConfig(text: string): LintSetting[] {
    const root = parseTomlTable(text);
    const tables = [
        tableAt(root, "build"),
        ...Object.values(tableAt(root, "target") ?? {}).map(asTable),
    ];
    return tables.flatMap((table) => lintsOfFlags(flagsOf(table)));
}

function flagsOf(table: Table | undefined): string[] {
    const flags = table?.["rustflags"];
    const words = typeof flags === "string" ? flags.split(/\s+/u) : flags;
    return Array.isArray(words) ? words.filter((word) => typeof word === "string") : [];
}

/** `-D warnings`, `-Dwarnings`, `--deny warnings`, `--deny=warnings`. */
function lintsOfFlags(flags: readonly string[]): LintSetting[] {
    const text = flags.join(" ");
    const option = /(?<=^| )(?:-([AWDF]) ?|--(allow|warn|deny|forbid)[ =])([\w:-]+)/gu;
    return [...text.matchAll(option)].map(([, letter = "", word, name = ""]) => ({
        name: name.replaceAll("-", "_"),
        level: word ?? LEVELS[letter] ?? "",
    }));
}
