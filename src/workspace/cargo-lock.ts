// The resolved versions that a Cargo.lock names.

import { tablesAt, textAt, textsAt } from "./json-view.ts";
import { parseTomlTable } from "./manifest.ts";

/** A package as a lock file names it. */
export interface LockedPackage {
    readonly name: string;
    readonly version: string;
    /** Registry or git URL; empty for a package on disk. */
    readonly source: string;
}

/** Answers which package a dependency was resolved to. */
export interface CargoLock {
    /** Undefined when the lock does not tell, or names several packages that could be meant. */
    findDependency(
        dependent: { readonly name: string; readonly version: string },
        packageName: string,
    ): LockedPackage | undefined;
}

interface Entry extends LockedPackage {
    readonly dependencies: readonly string[];
}

/** Reads a lock file; a broken one tells nothing. */
export function parseCargoLock(text: string): CargoLock {
    const byName = new Map<string, Entry[]>();
    for (const table of tablesAt(parseTomlTable(text), "package")) {
        const name = textAt(table, "name") ?? "";
        const entry = {
            name,
            version: textAt(table, "version") ?? "",
            source: textAt(table, "source") ?? "",
            dependencies: textsAt(table, "dependencies"),
        };
        byName.set(name, [...(byName.get(name) ?? []), entry]);
    }
    return {
        findDependency: (dependent, packageName) => {
            const own = (byName.get(dependent.name) ?? []).filter(
                (entry) => entry.source === "" && entry.version === dependent.version,
            );
            const named = (own.length === 1 ? (own[0]?.dependencies ?? []) : [])
                .map((text) => text.split(" "))
                .filter((words) => words[0] === packageName);
            if (named.length !== 1) {
                return undefined;
            }
            // `name`, `name version` or `name version (source)`: as much as is needed to be unique.
            const [, version, source] = named[0] ?? [];
            const found = (byName.get(packageName) ?? []).filter(
                (entry) =>
                    (version === undefined || entry.version === version) &&
                    (source === undefined || `(${entry.source})` === source),
            );
            return found.length === 1 ? found[0] : undefined;
        },
    };
}
