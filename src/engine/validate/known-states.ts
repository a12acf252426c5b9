// What earlier validations found on unedited states: configurations with how each crate was compiled, and the files
// that the compiler read for it. Dumps and links of documentation are kept by the states of crates themselves.
// It is only taken where all those files are what they were, generated ones too.

import { join } from "node:path";

import { OperatingError } from "../../base/index.ts";
import type { CaptureConfiguration, CheckedTools, CompilationRecord } from "../../capture/index.ts";
import {
    hashFileIfThere,
    keepNewest,
    listFolder,
    makeFolder,
    readBytesIfThere,
    writeFileAtomic,
} from "../../platform/index.ts";
import type { ValidatedConfigurationDto } from "../../protocol/index.ts";

/** A configuration that compiled. */
export interface KeptConfiguration {
    readonly name: string;
    readonly configuration: CaptureConfiguration;
    readonly packages: readonly string[] | undefined;
    readonly isCovered: boolean;
    readonly byLint: readonly (readonly [string, readonly string[]])[];
    readonly records: readonly CompilationRecord[];
}

/** What was found on a state. */
export interface KeptState {
    readonly tools: CheckedTools;
    readonly judged: readonly KeptConfiguration[];
    readonly left: readonly ValidatedConfigurationDto[];
    /** Files by the name of the compilation that read them, with hashes. */
    readonly files: readonly (readonly [string, readonly (readonly [string, string])[]])[];
    /** What Cargo made of crates that others are compiled against: names of their compilations, files, and hashes. */
    readonly outputs: readonly (readonly [string, string, string])[];
}

const FORMAT = "ferrograph-validated-state/2";
const KEPT_MAX = 8;

/** States of one workspace that are known. */
export class KnownStates {
    readonly #folder: string;

    constructor(folder: string) {
        this.#folder = join(folder, "states");
    }

    /** What was found on a state, if all files are as they were. */
    async find(key: string): Promise<KeptState | undefined> {
        const bytes = await readBytesIfThere(this.#pathOf(key));
        const kept = bytes === undefined ? undefined : parseState(bytes);
        return kept !== undefined && (await areAsTheyWere(kept)) ? kept : undefined;
    }

    /** Keeps what was found on a state. */
    async keep(key: string, state: KeptState): Promise<void> {
        await makeFolder(this.#folder);
        const text = JSON.stringify({ format: FORMAT, state });
        await writeFileAtomic(this.#pathOf(key), Buffer.from(text, "utf8"));
        const names = await listFolder(this.#folder);
        await keepNewest(
            names.map((name) => join(this.#folder, name)),
            KEPT_MAX,
        );
    }

    #pathOf(key: string): string {
        return join(this.#folder, `${key.slice(0, 40)}.json`);
    }
}

/** Files that the compiler lists, with hashes. */
export async function hashedFiles(
    files: readonly string[],
): Promise<(readonly [string, string])[]> {
    return Promise.all(files.map(async (file) => [file, await hashFileIfThere(file)] as const));
}

/** Whether files are still what they were. */
export async function areAsTheyWere({ files }: Pick<KeptState, "files">): Promise<boolean> {
    const all = new Map(files.flatMap(([, own]) => own));
    const same = await Promise.all(
        [...all].map(async ([file, hash]) => (await hashFileIfThere(file)) === hash),
    );
    return same.every(Boolean);
}

/** What Cargo has made of some compilations for others of them. */
export async function hashedOutputs(
    records: readonly CompilationRecord[],
): Promise<KeptState["outputs"]> {
    const { linkedOutputs } = await import("../../capture/index.ts");
    return Promise.all(
        [...linkedOutputs(records)].map(
            async ([name, file]) => [name, file, await hashFileIfThere(file)] as const,
        ),
    );
}

/**
 * Of some compilations those whose output lies there, byte for byte as it was. Cargo may yet say so, or not: it looks at
 * times, and may have compiled another state there since.
 */
export async function standingOutputs(
    outputs: KeptState["outputs"],
    wanted: ReadonlySet<string>,
): Promise<string[]> {
    const asked = outputs.filter(([name, , hash]) => wanted.has(name) && hash !== "");
    const found = await Promise.all(
        asked.map(async ([name, file, hash]) =>
            (await hashFileIfThere(file)) === hash ? [name] : [],
        ),
    );
    return found.flat();
}

function parseState(bytes: Uint8Array): KeptState | undefined {
    try {
        const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as {
            readonly format?: string;
            readonly state?: KeptState;
        };
        return value.format === FORMAT ? value.state : undefined;
    } catch (thrown) {
        if (thrown instanceof SyntaxError || thrown instanceof OperatingError) {
            return undefined; // The state is checked again, and nothing else.
        }
        throw thrown;
    }
}
