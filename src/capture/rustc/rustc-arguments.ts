// The compiler's command line: what of a recorded one is read, and how it becomes that of a dump.

import { basename } from "node:path";

/** What is read of a recorded command line. */
export interface RustcCommand {
    readonly crateName: string;
    /** `lib`, `bin`, `proc-macro`, …, as given; `bin` where nothing is. */
    readonly crateTypes: readonly string[];
    readonly isTest: boolean;
    /** Values of `--cfg feature="…"`, sorted. */
    readonly features: readonly string[];
    /** Paths of the compiled crates that it depends on directly, by the name it knows them by. */
    readonly externs: ReadonlyMap<string, string>;
    /** Kinds of output asked for. */
    readonly emits: readonly string[];
    /** Folder of the output, as given. */
    readonly outputFolder: string;
}

/** What a dump prints. */
export type DumpKind = "hir-tree" | "thir-flat" | "mir";

/** Options of rustc that say what to write, where and how to report it: a dump has its own. */
const OUTPUT_OPTIONS = new Set([
    "--emit",
    "-o",
    "--out-dir",
    "--error-format",
    "--json",
    "--cap-lints",
    "--diagnostic-width",
    "--color",
]);

/** Code generation options that write files. */
const OUTPUT_CODEGEN = /^(incremental|save-temps)(=|$)/;

const WITH_VALUE = new Set([
    ...OUTPUT_OPTIONS,
    "--crate-name",
    "--crate-type",
    "--edition",
    "--cfg",
    "--check-cfg",
    "--extern",
    "--target",
    "--sysroot",
    "--remap-path-prefix",
    "--remap-path-scope",
    "--print",
    "--codegen",
    "-C",
    "-L",
    "-l",
    "-Z",
    "-A",
    "-W",
    "-D",
    "-F",
    "--allow",
    "--warn",
    "--deny",
    "--forbid",
]);

/** One option with its value, as it stood in the list. */
interface Option {
    readonly name: string;
    readonly value: string | undefined;
    readonly words: readonly string[];
}

/** Reads a recorded command line. */
export function readCommand(args: readonly string[]): RustcCommand {
    const options = splitOptions(args);
    const values = (name: string): string[] =>
        options.flatMap((option) =>
            option.name === name && option.value !== undefined ? [option.value] : [],
        );
    const externs = new Map<string, string>();
    for (const value of values("--extern")) {
        const at = value.indexOf("=");
        if (at > 0) {
            // `priv:name=path` and the like carry modifiers.
            externs.set(value.slice(value.lastIndexOf(":", at) + 1, at), value.slice(at + 1));
        }
    }
    const crateTypes = values("--crate-type").flatMap((value) => value.split(","));
    const features = values("--cfg").flatMap((cfg) => {
        const found = /^feature="(.*)"$/.exec(cfg);
        return found?.[1] === undefined ? [] : [found[1]];
    });
    return {
        crateName: values("--crate-name")[0] ?? "",
        crateTypes: crateTypes.length === 0 ? ["bin"] : crateTypes,
        isTest: options.some((option) => option.name === "--test"),
        features: features.sort(),
        externs,
        outputFolder: values("--out-dir")[0] ?? "",
        emits: values("--emit").flatMap((value) =>
            value.split(",").map((kind) => kind.replace(/=.*$/, "")),
        ),
    };
}

/** The command line without what says where output goes: equal ones compile the same. */
export function compilingArguments(args: readonly string[]): string[] {
    return splitOptions(args)
        .filter((option) => !isOutput(option))
        .flatMap((option) => option.words);
}

/**
 * The command line of a dump. Its text goes to stdout; the one file that it writes is the list of the
 * files that it has read, with their hashes.
 */
export function dumpArguments(
    args: readonly string[],
    kind: DumpKind,
    out: { readonly dependencyFile: string; readonly builtMirFolder?: string | undefined },
): string[] {
    const ofKind =
        kind === "mir"
            ? [
                  "-Zmir-include-spans=on",
                  "-Zmir-opt-level=0",
                  ...(out.builtMirFolder === undefined
                      ? []
                      : ["-Zdump-mir=built", `-Zdump-mir-dir=${out.builtMirFolder}`]),
              ]
            : [];
    return [
        ...compilingArguments(args),
        `-Zunpretty=${kind}`,
        "-Ztrim-diagnostic-paths=no",
        "-Zchecksum-hash-algorithm=sha256",
        ...ofKind,
        "--cap-lints=allow",
        "--error-format=short",
        "--color=never",
        `--emit=dep-info=${out.dependencyFile}`,
    ];
}

/** The edition of the language that a command line asks for. */
export function editionOf(args: readonly string[]): number {
    const last = splitOptions(args)
        .filter(({ name }) => name === "--edition")
        .at(-1);
    return Number(last?.value ?? "2015");
}

/** The command line of a dump that is compared with another one: it says no more than that takes. */
export function comparingArguments(args: readonly string[], kind: DumpKind): string[] {
    return [
        ...compilingArguments(args),
        "--cap-lints=allow",
        `-Zunpretty=${kind}`,
        "-Ztrim-diagnostic-paths=no",
        ...(kind === "mir" ? ["-Zmir-opt-level=0"] : []),
    ];
}

/**
 * The command line that compiles against other libraries than the recorded ones: those that lie in `folder`, by the names of
 * their files; what these depend on is found there, too.
 */
export function linkedArguments(
    args: readonly string[],
    { folder, files }: { readonly folder: string; readonly files: ReadonlySet<string> },
): string[] {
    const words = splitOptions(args).flatMap((option) => {
        const at = option.value?.indexOf("=") ?? -1;
        const file = basename(option.value ?? "");
        if (option.name !== "--extern" || at < 0 || !files.has(file)) {
            return option.words;
        }
        return ["--extern", `${option.value?.slice(0, at + 1) ?? ""}${folder}/${file}`];
    });
    return [...words, "-L", `dependency=${folder}`];
}

function isOutput(option: Option): boolean {
    if (option.name === "-C" || option.name === "--codegen") {
        return OUTPUT_CODEGEN.test(option.value ?? "");
    }
    return OUTPUT_OPTIONS.has(option.name);
}

function splitOptions(args: readonly string[]): Option[] {
    const options: Option[] = [];
    for (let i = 0; i < args.length; i++) {
        const word = args[i] ?? "";
        const next = args[i + 1];
        if (WITH_VALUE.has(word) && next !== undefined) {
            options.push({ name: word, value: next, words: [word, next] });
            i += 1;
        } else {
            options.push(joinedOption(word));
        }
    }
    return options;
}

/** `--name=value`, `-Cvalue`, or a word that takes none. */
function joinedOption(word: string): Option {
    const at = word.indexOf("=");
    if (word.startsWith("--") && at > 0) {
        return { name: word.slice(0, at), value: word.slice(at + 1), words: [word] };
    }
    const short = word.slice(0, 2);
    if (/^-[a-zA-Z]./.test(word) && WITH_VALUE.has(short)) {
        return { name: short, value: word.slice(2), words: [word] };
    }
    return { name: word, value: undefined, words: [word] };
}
