// Facts on disk: a file per compilation unit, and one that says which configurations each belongs to and
// which are out of date. What is damaged or of another version is taken for absent, and made anew.

import { createHash } from "node:crypto";
import { join } from "node:path";

import {} from "../../base/index.ts";
import {
    listFolder,
    makeFolder,
    readBytesIfThere,
    readBytesAtMost,
    removeFile,
    statFile,
    writeFileAtomic,
} from "../../platform/index.ts";
import type { CompiledFile } from "./dependency-file.ts";
import {
    encodeFacts,
    encodeFlow,
    FACT_FILE_FIXED_BYTES,
    FACT_FILE_VERSION,
    packFactFile,
    readFactFileLengths,
    unpackFactFile,
} from "./fact-codec.ts";
import type { CompilationUnit, FlowShard, RustcFacts } from "./facts.ts";
import type { FactStore, FactStoreSize, StaleReason, StoredUnit } from "./model.ts";

/** What the facts of a unit depend on: equal inputs give equal facts. */
export interface UnitInputs {
    /** Hash of the command, the compiler and the format. */
    readonly command: string;
    /** Hash of what it sees of the crates that it depends on. */
    readonly seen: string;
    /** The crate's own files and those of others that facts lie in. */
    readonly files: readonly CompiledFile[];
    /** Nothing changed while it was captured. */
    readonly isWhole: boolean;
    readonly withMir: boolean;
}

/** Beginning of a unit's file. */
export interface UnitHeader {
    readonly unit: CompilationUnit;
    readonly compiler: string;
    readonly factsHash: string;
    readonly inputs: UnitInputs;
    readonly definitionCount: number;
    readonly useCount: number;
}

/** A file of facts, encoded: made where the facts are, written where the store is. */
export interface EncodedUnit {
    readonly header: UnitHeader;
    readonly body: Uint8Array;
    readonly flow: Uint8Array;
}

/** What belongs to one configuration of one Cargo workspace. */
export interface StoredConfiguration {
    readonly name: string;
    readonly cargoFolder: string;
    readonly keys: readonly string[];
    readonly stale: Readonly<Record<string, StaleReason>>;
}

/** A unit's file without its facts. */
export interface UnitEntry {
    readonly key: string;
    readonly header: UnitHeader;
    readonly bytes: number;
    readonly hasFlow: boolean;
}

const UNITS = "units";
const EXTENSION = ".facts";
const STATE = "configurations.json";
const STATE_FORMAT = 1;
/** Long enough for most headers, so that a file is opened once. */
const HEADER_GUESS_BYTES = 16 * 1024;

/** Opens the store in our folder, which may not exist yet. */
export async function openFactStore(folder: string): Promise<FactStore> {
    const [entries, configurations] = await Promise.all([
        readEntries(folder),
        readConfigurations(folder),
    ]);
    const units = describeUnits(entries, configurations);
    return {
        units,
        size: sizeOf(units),
        read: async (key) => (await readUnit(folder, key))?.facts,
        readFlow: async (key) => (await readUnit(folder, key))?.flow,
    };
}

/** Units as the store's users see them: those that belong to some configuration. */
export function describeUnits(
    entries: readonly UnitEntry[],
    configurations: readonly StoredConfiguration[],
): StoredUnit[] {
    return entries.flatMap(({ key, header, bytes, hasFlow }) => {
        const owners = configurations.filter((each) => each.keys.includes(key));
        const isCurrent = owners.some((each) => each.stale[key] === undefined);
        const reason = owners.map((each) => each.stale[key]).find((each) => each !== undefined);
        const { unit, compiler, factsHash, definitionCount, useCount } = header;
        return owners.length === 0
            ? []
            : [
                  {
                      key,
                      unit,
                      compiler,
                      factsHash,
                      definitionCount,
                      useCount,
                      configurations: [...new Set(owners.map((each) => each.name))],
                      stale: isCurrent ? undefined : reason,
                      bytes,
                      hasFlow,
                  },
              ];
    });
}

function sizeOf(units: readonly StoredUnit[]): FactStoreSize {
    return {
        unitCount: units.length,
        staleCount: units.filter((unit) => unit.stale !== undefined).length,
        bytes: units.reduce((sum, unit) => sum + unit.bytes, 0),
    };
}

/** Encodes what a capture found. */
export function encodeUnit(
    facts: RustcFacts,
    flow: FlowShard | undefined,
    inputs: UnitInputs,
): EncodedUnit {
    const body = encodeFacts(facts);
    return {
        header: {
            unit: facts.unit,
            compiler: facts.compiler,
            factsHash: createHash("sha256").update(body).digest("hex"),
            inputs,
            definitionCount: facts.definitions.length,
            useCount: facts.uses.file.length,
        },
        body,
        flow: flow === undefined ? new Uint8Array(0) : encodeFlow(flow),
    };
}

/** Writes a unit's file, whole or not at all. */
export async function writeUnit(
    folder: string,
    key: string,
    unit: EncodedUnit,
): Promise<UnitEntry> {
    const bytes = packFactFile(JSON.stringify(unit.header), unit.body, unit.flow);
    await writeFileAtomic(pathOf(folder, key), bytes);
    return { key, header: unit.header, bytes: bytes.length, hasFlow: unit.flow.length > 0 };
}

/** Removes the files of units that no configuration has any more. */
export async function removeUnits(folder: string, keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => removeFile(pathOf(folder, key))));
}

/** Reads the headers of all units, sorted by key. */
export async function readEntries(folder: string): Promise<UnitEntry[]> {
    const units = join(folder, UNITS);
    await makeFolder(units);
    const names = (await listFolder(units)).filter((name) => /^[^.].*\.facts$/.test(name));
    const entries = await Promise.all(
        names.map((name) => readEntry(folder, name.slice(0, -EXTENSION.length))),
    );
    return entries.filter((entry) => entry !== undefined);
}

async function readEntry(folder: string, key: string): Promise<UnitEntry | undefined> {
    const path = pathOf(folder, key);
    const start = await readBytesAtMost(path, HEADER_GUESS_BYTES);
    const lengths = readFactFileLengths(start);
    if (lengths === undefined || (await statFile(path))?.size !== lengths.total) {
        return undefined;
    }
    const end = FACT_FILE_FIXED_BYTES + lengths.header;
    const bytes = end <= start.length ? start : await readBytesAtMost(path, end);
    const header = parseHeader(Buffer.from(bytes.subarray(FACT_FILE_FIXED_BYTES, end)).toString());
    return header === undefined
        ? undefined
        : { key, header, bytes: lengths.total, hasFlow: lengths.flow > 0 };
}

async function readUnit(folder: string, key: string): Promise<ReturnType<typeof unpackFactFile>> {
    const bytes = await readBytesIfThere(pathOf(folder, key));
    return bytes === undefined ? undefined : unpackFactFile(bytes);
}

/** Whether a unit's file is whole; damage is found when it is read, not when it is listed. */
export async function isUnitWhole(folder: string, key: string): Promise<boolean> {
    return (await readUnit(folder, key)) !== undefined;
}

/** Reads what belongs to which configuration; nothing when that cannot be understood. */
export async function readConfigurations(folder: string): Promise<StoredConfiguration[]> {
    const bytes = await readBytesIfThere(join(folder, STATE));
    const text = bytes === undefined ? "{}" : Buffer.from(bytes).toString("utf8");
    const value = parseJson(text) as {
        readonly format?: number;
        readonly version?: number;
        readonly configurations?: StoredConfiguration[];
    };
    const isOurs = value.format === STATE_FORMAT && value.version === FACT_FILE_VERSION;
    return isOurs ? (value.configurations ?? []) : [];
}

/** Writes what belongs to which configuration. */
export async function writeConfigurations(
    folder: string,
    configurations: readonly StoredConfiguration[],
): Promise<void> {
    const value = { format: STATE_FORMAT, version: FACT_FILE_VERSION, configurations };
    await writeFileAtomic(join(folder, STATE), Buffer.from(JSON.stringify(value), "utf8"));
}

function pathOf(folder: string, key: string): string {
    return join(folder, UNITS, `${key}${EXTENSION}`);
}

function parseHeader(text: string): UnitHeader | undefined {
    const value = parseJson(text) as Partial<UnitHeader>;
    const isWhole = value.unit !== undefined && value.inputs !== undefined;
    return isWhole ? (value as UnitHeader) : undefined;
}

function parseJson(text: string): object {
    try {
        const value = JSON.parse(text) as unknown;
        return typeof value === "object" && value !== null ? value : {};
    } catch {
        return {};
    }
}
