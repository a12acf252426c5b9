// What a status says of rustc's facts. Documented in docs/protocol/requests.md, which is pinned to this file.

/** What rustc said of the workspace, and what was made of it. */
export interface FactsStatus {
    readonly phase: "off" | "untrusted" | "idle" | "waiting" | "running" | "aside" | "failed";
    /** Why it is off, stands aside or failed; else empty. */
    readonly reason: string;
    /** First line of `rustc -vV`; empty when not known. */
    readonly compiler: string;
    /** When the last capture ended, milliseconds since 1970. */
    readonly capturedAt: number | undefined;
    readonly milliseconds: number;
    /** Bytes on disk: facts and evidence. */
    readonly bytes: number;
    /** Compilations whose facts are stored. */
    readonly units: number;
    /** Those of them whose control flow and calls without a token are stored too. */
    readonly unitsWithFlow: number;
    readonly configurations: readonly {
        readonly name: string;
        readonly cargoFolder: string;
        readonly compiles: boolean;
        readonly errorCount: number;
        /** The first error, in one line; empty when there is none. */
        readonly firstError: string;
    }[];
    /** Crates that have no facts of their present state, with the reason. */
    readonly stale: readonly { readonly crate: string; readonly reason: string }[];
    /** Occurrences that rustc confirmed or decided, by binding. */
    readonly exact: Readonly<Record<string, number>>;
    /** Calls that no token names: edges in the graph by cause, and what compilations say beside them. */
    readonly implicit: {
        readonly edges: Readonly<Record<string, number>>;
        /** Calls of what is not of the workspace. */
        readonly outside: number;
        /** Left out: caller or callee is not known for sure. */
        readonly notMapped: number;
    };
    readonly disagreements: {
        readonly count: number;
        readonly first: readonly {
            readonly path: string;
            /** UTF-16 offset of the token. */
            readonly start: number;
            readonly name: string;
            readonly reason: string;
        }[];
    };
}
