// What `cargo check` does not see: links of documentation, its tests, and the linker. Each is looked at only
// where something that is renamed can be in it, or where that was asked for.

import { join } from "node:path";

import { refuse, type Refusal } from "../../base/index.ts";
import type { ComparedCrate, CompilationRecord, DocLinks } from "../../capture/index.ts";
import type { CheckPlace, SeparateRun, SeparateStep } from "../../executor/index.ts";
import { monotonicMs } from "../../platform/index.ts";
import type { CheckReportDto, SeparateCheckDto } from "../../protocol/index.ts";
import type { FileMove, RenamePlan } from "../../refactor/index.ts";

/** What is checked, and where. */
export interface SeparateParts {
    readonly place: CheckPlace;
    /** Where it is kept what was found before. */
    readonly folder: string;
    readonly crates: readonly ComparedCrate[];
    readonly names: readonly [string, string];
    /** All three, wherever the names are. */
    readonly isThorough: boolean;
    readonly stateOf: (record: CompilationRecord) => Promise<string>;
    /** Nothing is run on the unedited files: what is not known of them is undefined. */
    readonly isRemembered: boolean;
}

/** Results of all three. */
export interface SeparateResults {
    readonly link: SeparateCheckDto;
    readonly docLinks: SeparateCheckDto;
    readonly doctests: SeparateCheckDto;
    readonly reports: readonly CheckReportDto[];
}

/** A name that the linker sees, or code that speaks to it. */
const FOR_THE_LINKER =
    /\b(?:no_mangle|export_name|link_name|link_section|global_asm|naked_asm)\b|\bextern\s+"|#\[\s*link\b/u;

/** Checks of one validation. */
export class SeparateChecks {
    readonly #parts: SeparateParts;
    readonly #linksBefore = new Map<string, DocLinks>();
    /** Crates whose documentation can hold a name, as they are compiled for use. */
    readonly #documented: readonly CompilationRecord[];
    readonly #tested: readonly string[];
    /** Files with code in documentation that has a name; empty where that is not all that is run. */
    readonly #testedFiles: readonly DocumentedFile[];
    readonly #isLinked: boolean;
    readonly #reports: CheckReportDto[] = [];

    private constructor(
        parts: SeparateParts,
        found: {
            readonly documented: readonly CompilationRecord[];
            readonly tested: readonly string[];
            readonly testedFiles: readonly DocumentedFile[];
            readonly isLinked: boolean;
        },
    ) {
        this.#parts = parts;
        this.#documented = found.documented;
        this.#tested = found.tested;
        this.#testedFiles = found.testedFiles;
        this.#isLinked = found.isLinked;
    }

    /** Looks at the unedited files; undefined where that takes more than what is remembered. */
    static async begin(parts: SeparateParts): Promise<SeparateChecks | undefined> {
        const { findDocMentions, hasWord, keptBrokenLinks, knownBrokenLinks } =
            await import("../../capture/index.ts");
        const { crates, names, isThorough, place, folder, stateOf } = parts;
        const forUse = crates.filter(({ record }) => !record.args.includes("--test"));
        const mentions = forUse.map(({ record, files, texts }) => {
            const all = texts.map((text) => findDocMentions(text, names));
            return {
                record,
                inText: isThorough || all.some(({ inText }) => inText),
                inCode: isThorough || all.some(({ inCode }) => inCode),
                files: files.filter((_, at) => all[at]?.inCode === true),
            };
        });
        const libraries = mentions.filter(({ inCode, record }) => inCode && isLibrary(record));
        const tested = libraries.map(({ record }) => record.env["CARGO_PKG_NAME"] ?? "");
        const testedFiles = libraries.flatMap(({ record, files }) =>
            files.map((file) => ({ file, folder: record.env["CARGO_MANIFEST_DIR"] ?? "" })),
        );
        const isLinked = crates.some(({ texts }) =>
            texts.some((text) => FOR_THE_LINKER.test(text) && hasWord(text, names)),
        );
        const checks = new SeparateChecks(parts, {
            documented: mentions.filter(({ inText }) => inText).map(({ record }) => record),
            tested: [...new Set(tested)].sort(),
            testedFiles: isThorough ? [] : testedFiles,
            isLinked: isThorough || isLinked,
        });
        for (const record of checks.#documented) {
            const state = await stateOf(record);
            const found = parts.isRemembered
                ? await keptBrokenLinks(record, { folder, state })
                : await knownBrokenLinks(record, { folder, state }, place.signal);
            if (found === undefined) {
                return undefined;
            }
            checks.#linksBefore.set(record.name, found);
        }
        return checks;
    }

    /** Links the edited workspace. */
    async link(
        plan: RenamePlan,
        restore: () => Promise<void>,
    ): Promise<SeparateCheckDto | Refusal> {
        if (!this.#isLinked) {
            return notRun("nothing that is renamed is seen by the linker");
        }
        const options = ["--workspace", "--all-targets"];
        const step: SeparateStep = {
            command: `cargo build ${options.join(" ")}`,
            // Without it Cargo tells of what fails first, which is not the same each time.
            args: ["build", ...options, "--offline", "--keep-going", "--message-format=json"],
            kind: "compile",
        };
        return this.#run(step, plan, restore);
    }

    /** Looks at the links of the edited documentation. */
    async docLinks(): Promise<SeparateCheckDto | Refusal> {
        const { findBrokenLinks } = await import("../../capture/index.ts");
        const start = monotonicMs();
        if (this.#documented.length === 0) {
            return notRun("no documentation has the old or the new name");
        }
        for (const record of this.#documented) {
            const before = this.#linksBefore.get(record.name);
            const now = await findBrokenLinks(record, this.#parts.place.signal);
            const failure = [before, now].find((one) => one !== undefined && "failure" in one);
            if (failure !== undefined && "failure" in failure) {
                return notRun(`rustdoc cannot look at ${record.name}: ${failure.failure}`);
            }
            const known = before !== undefined && "broken" in before ? before.broken : [];
            const broken = "broken" in now ? now.broken : [];
            if (broken.length > known.length) {
                const fresh = broken.filter((one) => !known.includes(one));
                return refuse("VALIDATE_DOCUMENTATION", "links of the documentation would break", {
                    candidates: fresh,
                    advice: "nothing was changed; look at the preview of the rename",
                });
            }
        }
        return { verdict: "passed", milliseconds: Math.round(monotonicMs() - start) };
    }

    /** Runs the edited documentation's tests. */
    async doctests(
        plan: RenamePlan,
        restore: () => Promise<void>,
    ): Promise<SeparateCheckDto | Refusal> {
        if (this.#tested.length === 0) {
            return notRun("no code in documentation has the old or the new name");
        }
        const options = ["--doc", ...this.#tested.flatMap((name) => ["-p", name])];
        const step: SeparateStep = {
            command: `cargo test ${options.join(" ")}`,
            args: ["test", ...options, "--offline", "--no-fail-fast", "--message-format=json"],
            kind: "test",
            filters: testFilters(this.#testedFiles, this.#parts.place.folder, plan.moves),
        };
        return this.#run(step, plan, restore);
    }

    /** Runs of Cargo, with what they took. */
    get reports(): readonly CheckReportDto[] {
        return this.#reports;
    }

    async #run(
        step: SeparateStep,
        plan: RenamePlan,
        restore: () => Promise<void>,
    ): Promise<SeparateCheckDto | Refusal> {
        const { runSeparately } = await import("../../executor/index.ts");
        const moved = new Map(plan.moves.map(({ from, to }) => [from, to]));
        const run = await runSeparately(this.#parts.place, step, restore, moved);
        this.#reports.push(run.report);
        return run.broken.length > 0 ? broken(step, run) : passed(run.report);
    }
}

/** A file and the folder of its package, absolute. */
interface DocumentedFile {
    readonly file: string;
    readonly folder: string;
}

/**
 * Filters of tests of documentation by their files, before and after moves: rustdoc names a test by its file, seen from
 * the package or from a folder around it. Empty, for all tests, where a file cannot be told so.
 */
export function testFilters(
    files: readonly DocumentedFile[],
    root: string,
    moves: readonly FileMove[],
): string[] {
    const filters = files.flatMap(({ file, folder }) => {
        const moved = moves.find(({ from }) => join(root, from) === file);
        return [file, ...(moved === undefined ? [] : [join(root, moved.to)])].map((one) =>
            folder !== "" && one.startsWith(`${folder}/`) ? one.slice(folder.length + 1) : "",
        );
    });
    // rustdoc takes a filter with a space for two.
    return filters.some((one) => !/^[^\s]+\.rs$/u.test(one)) ? [] : [...new Set(filters)].sort();
}

function isLibrary({ args }: CompilationRecord): boolean {
    return args.some((arg, at) => args[at - 1] === "--crate-type" && /lib/u.test(arg));
}

function notRun(reason: string): SeparateCheckDto {
    return { verdict: "not-run", reason, milliseconds: 0 };
}

function passed({ before, milliseconds, millisecondsBefore }: CheckReportDto): SeparateCheckDto {
    return {
        verdict: "passed",
        ...(before === 0 ? {} : { reason: `nothing new; ${before} found before` }),
        milliseconds: milliseconds + millisecondsBefore,
    };
}

function broken({ command, kind }: SeparateStep, run: SeparateRun): Refusal {
    const code = kind === "test" ? "VALIDATE_DOCUMENTATION" : "VALIDATE_BROKEN";
    return refuse(code, `\`${command}\` finds wrong what was not before`, {
        candidates: run.broken.map(({ message }) => message),
        advice: "nothing was changed; look at the preview of the rename",
    });
}
