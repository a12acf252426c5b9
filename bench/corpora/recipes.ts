// Workspaces of published crates that the tools of this folder try things on.

/** What a workspace is made of. */
export interface Recipe {
    readonly name: string;
    /** One sentence. */
    readonly about: string;
    /** Debian packages that bring the members and what they depend on. */
    readonly packages: readonly string[];
    /** Crates, as members; the newest version that is there. */
    readonly members: readonly string[];
    /** Features that are on by default, beside the published ones, by member. */
    readonly features: Readonly<Record<string, readonly string[]>>;
}

const search: Recipe = {
    name: "search",
    about: "the crates behind a well-known search tool: text, globs, regular expressions",
    packages: [
        "librust-grep-dev",
        "librust-grep-cli-dev",
        "librust-grep-printer-dev",
        "librust-ignore-dev",
        "librust-globset-dev",
        "librust-regex-dev",
        "librust-regex-automata-dev",
        "librust-bstr-dev",
        "librust-encoding-rs-io-dev",
        "librust-walkdir-dev",
        "librust-termcolor-dev",
        "librust-serde-json-dev",
        "librust-serde-derive-dev",
        "librust-serde-dev",
        "librust-bytecount-dev",
        "librust-memmap2-dev",
        "librust-thread-local-dev",
        "librust-aho-corasick-dev",
        "librust-csv-dev",
        "librust-base64-dev",
        "librust-lazy-static-dev",
        "librust-crossbeam-utils-dev",
        "librust-crossbeam-channel-dev",
        "librust-glob-dev",
        "librust-log-dev",
        "librust-fnv-dev",
        "librust-same-file-dev",
        "librust-once-cell-dev",
    ],
    members: [
        "grep",
        "grep-cli",
        "grep-matcher",
        "grep-printer",
        "grep-regex",
        "grep-searcher",
        "ignore",
        "globset",
        "regex",
        "regex-syntax",
        "aho-corasick",
        "bstr",
        "walkdir",
        "same-file",
        "termcolor",
        "thread_local",
    ],
    features: {},
};

const network: Recipe = {
    name: "network",
    about: "an asynchronous HTTP stack: futures, traits, and much that is behind features",
    packages: [
        "librust-tokio-dev",
        "librust-hyper-dev",
        "librust-h2-dev",
        "librust-http-dev",
        "librust-http-body-dev",
        "librust-httparse-dev",
        "librust-bytes-dev",
        "librust-futures-dev",
        "librust-futures-util-dev",
        "librust-tokio-util-dev",
        "librust-want-dev",
        "librust-tower-service-dev",
        "librust-httpdate-dev",
        "librust-tracing-dev",
        "librust-mio-dev",
        "librust-slab-dev",
    ],
    members: [
        "bytes",
        "futures-channel",
        "futures-core",
        "futures-io",
        "futures-sink",
        "futures-task",
        "futures-util",
        "h2",
        "http",
        "http-body",
        "httparse",
        "httpdate",
        "hyper",
        "mio",
        "slab",
        "tokio",
        "tokio-util",
        "tower-service",
        "want",
    ],
    features: {
        hyper: ["full"],
        tokio: ["rt-multi-thread", "net", "time", "sync", "io-util", "macros", "fs"],
        "tokio-util": ["codec", "io"],
    },
};

/** Recipes by name. */
export const RECIPES: ReadonlyMap<string, Recipe> = new Map(
    [search, network].map((recipe) => [recipe.name, recipe]),
);
