// Makes a published crate's manifest one of a workspace's member: nothing in it that is not at hand.

/** A table of a manifest. */
export type Table = Record<string, unknown>;

const NOT_FOR_MEMBERS = [
    "dev-dependencies",
    "bench",
    "bin",
    "test",
    "example",
    "badges",
    "workspace",
    "profile",
    "lints",
];

/**
 * Returns a manifest without dev-dependencies, without targets other than the library, and without
 * dependencies that are not in `available`; `moreDefaults` are features that are to be on by default.
 */
export function pruneManifest(
    manifest: Table,
    available: ReadonlySet<string>,
    moreDefaults: readonly string[] = [],
): Table {
    const pruned = structuredClone(manifest);
    NOT_FOR_MEMBERS.forEach((key) => Reflect.deleteProperty(pruned, key));
    const dependencies = [pruned, ...Object.values(tableOf(pruned["target"])).map(tableOf)].flatMap(
        (owner) => {
            delete owner["dev-dependencies"];
            return ["dependencies", "build-dependencies"].map((key) => tableOf(owner[key]));
        },
    );
    const gone = new Set<string>();
    for (const table of dependencies) {
        for (const [name, wish] of Object.entries(table)) {
            if (!available.has(packageOf(name, wish))) {
                // Optional, of another platform, or not packaged: cargo says so if it is needed.
                Reflect.deleteProperty(table, name);
                gone.add(name);
            }
        }
    }
    const kept = new Set(dependencies.flatMap((table) => Object.keys(table)));
    const features = tableOf(pruned["features"]);
    for (const [name, wishes] of Object.entries(features)) {
        features[name] = listOf(wishes).filter((wish) => isPossible(wish, gone, kept));
    }
    if (moreDefaults.length > 0) {
        features["default"] = [...new Set([...listOf(features["default"]), ...moreDefaults])];
        pruned["features"] = features;
    }
    const own = tableOf(pruned["package"]);
    for (const key of ["autobins", "autotests", "autobenches", "autoexamples"]) {
        own[key] = false;
    }
    return pruned;
}

function isPossible(wish: string, gone: ReadonlySet<string>, kept: ReadonlySet<string>): boolean {
    const name = wish.replace(/^dep:/u, "").split("/")[0]?.replace(/\?$/u, "") ?? "";
    return !gone.has(name) && (!wish.startsWith("dep:") || kept.has(name));
}

function packageOf(name: string, wish: unknown): string {
    const renamed = tableOf(wish)["package"];
    return typeof renamed === "string" ? renamed : name;
}

function tableOf(value: unknown): Table {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Table)
        : {};
}

function listOf(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
