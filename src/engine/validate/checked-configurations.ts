// The configurations that a validation checks: what compiles before the edit is judged after it, and what does
// not is named and left out.

import { join } from "node:path";

import { refuse, type Refusal } from "../../base/index.ts";
import type {
    CaptureConfiguration,
    CheckedWorkspace,
    CheckEvents,
    CompilationRecord,
    WorkspaceChecker,
} from "../../capture/index.ts";
import { firstNewWarning, type Diagnostic } from "../../cargo/index.ts";
import { readBytesIfThere } from "../../platform/index.ts";
import type { CheckReportDto, ValidatedConfigurationDto } from "../../protocol/index.ts";
import type { KeptState } from "./known-states.ts";
import type { WiderConfiguration } from "./wider-configurations.ts";

/** A configuration that compiles before the edit. */
interface Judged {
    readonly name: string;
    readonly configuration: CaptureConfiguration;
    readonly packages: ReadonlySet<string> | undefined;
    readonly before: CheckedWorkspace;
    /** Another one compiles all that it does. */
    readonly isCovered: boolean;
    after: CheckedWorkspace | undefined;
}

/** What a round found wrong that was not before. */
export interface RoundProblems {
    readonly diagnostics: readonly Diagnostic[];
    /** The first of them as it would be shown; empty where nothing is wrong. */
    readonly first: string;
    readonly configuration: string;
}

/** Configurations of one validation. */
export class CheckedConfigurations {
    readonly #checker: WorkspaceChecker;
    readonly #judged: Judged[] = [];
    readonly #left: ValidatedConfigurationDto[] = [];
    #isDeclared = false;

    constructor(checker: WorkspaceChecker) {
        this.#checker = checker;
    }

    /** Takes over what was found on the same files before. */
    take({ judged, left }: Pick<KeptState, "judged" | "left">): void {
        this.#left.push(...left);
        for (const { name, configuration, packages, isCovered, byLint, records } of judged) {
            this.#judged.push({
                ...{ name, configuration, isCovered, after: undefined },
                packages: packages === undefined ? undefined : new Set(packages),
                before: { ...UNEDITED, byLint: new Map(byLint), records },
            });
        }
    }

    /** What was found on the unedited files. */
    kept(): Pick<KeptState, "judged" | "left"> {
        const judged = this.#judged.map(({ name, configuration, packages, before, isCovered }) => ({
            ...{ name, configuration, isCovered },
            packages: packages === undefined ? undefined : [...packages],
            byLint: [...before.byLint],
            records: before.records,
        }));
        return { judged, left: this.#left };
    }

    /** Whether the edited crates were compiled as the unedited ones: with equal arguments and variables. */
    isCompiledAsBefore(partsOf: (record: CompilationRecord) => unknown): boolean {
        return this.#judged.every(({ before, after }) => {
            const known = new Map(before.records.map((record) => [record.name, record]));
            return (after?.records ?? []).every((record) => {
                const other = known.get(record.name);
                return (
                    other !== undefined &&
                    JSON.stringify(partsOf(other)) === JSON.stringify(partsOf(record))
                );
            });
        });
    }

    /** Checks all configurations of the unedited files; refuses where none compiles. */
    async begin(root: string): Promise<Refusal | undefined> {
        const capture = await import("../../capture/index.ts");
        const manifest = await readBytesIfThere(join(root, "Cargo.toml"));
        const declared = capture.declaredConfigurations(
            Buffer.from(manifest ?? []).toString("utf8"),
        );
        const usual = capture.DEFAULT_CONFIGURATION;
        const all = { ...usual, name: "all targets", allTargets: true };
        const asked = declared.length > 0 ? declared : [usual, all];
        this.#isDeclared = declared.length > 0;
        for (const configuration of asked) {
            await this.#beginOne(configuration);
        }
        return this.#judged.length > 0
            ? undefined
            : refuse("VALIDATE_BASELINE", "the workspace does not compile before the rename", {
                  candidates: this.#left.map(({ name, reason }) => `${name}: ${reason ?? ""}`),
                  advice: "have it compile first: what is broken before cannot be compared",
              });
    }

    /** Whether the workspace says itself which configurations count. */
    get isDeclared(): boolean {
        return this.#isDeclared;
    }

    /**
     * Checks packages of the unedited files in further configurations: of each the first that compiles is judged from
     * now on. Says whether there is one.
     */
    async widen(wider: readonly WiderConfiguration[]): Promise<boolean> {
        let isWider = false;
        for (const { packageName, choices } of wider) {
            const packages = new Set([packageName]);
            for (const configuration of choices) {
                const name = `${configuration.name} of ${packageName}`;
                const before = await this.#check(configuration, packages);
                if (before.compiles) {
                    this.#keep({ name, configuration, packages, before });
                    isWider = true;
                    break;
                }
                this.#left.push({ name, judged: false, reason: before.firstError });
            }
        }
        return isWider;
    }

    /** Checks the edited files, up to the first configuration that something is wrong in. */
    async judge(told?: CheckEvents): Promise<RoundProblems | undefined> {
        for (const judged of this.#judged) {
            if (!judged.isCovered) {
                const now = await this.#check(judged.configuration, judged.packages, told);
                judged.after = now;
                const problems = problemsOf(judged.before, now);
                if (problems !== undefined) {
                    return { ...problems, configuration: judged.name };
                }
            }
        }
        return undefined;
    }

    /** How every crate was compiled. */
    get records(): readonly CompilationRecord[] {
        const all = this.#judged.flatMap(({ before }) => before.records);
        return [...new Map(all.map((record) => [record.name, record])).values()];
    }

    describe(): readonly ValidatedConfigurationDto[] {
        return [...this.#judged.map(({ name }) => ({ name, judged: true })), ...this.#left];
    }

    reports(): CheckReportDto[] {
        return this.#judged.map(({ configuration, packages, before, after }) => ({
            command: commandOf(configuration, packages),
            before: 0,
            added: 0,
            millisecondsBefore: before.milliseconds,
            milliseconds: after?.milliseconds ?? 0,
            kind: "cargo",
            compiledBefore: before.compiled,
            compiled: after?.compiled ?? 0,
        }));
    }

    async #beginOne(configuration: CaptureConfiguration): Promise<void> {
        const before = await this.#check(configuration, undefined);
        const { name } = configuration;
        if (before.compiles) {
            this.#keep({ name, configuration, packages: undefined, before });
            return;
        }
        this.#left.push({ name, judged: false, reason: before.firstError });
        const all = this.#checker.packages;
        const packages = new Set(all.filter((one) => !before.broken.has(one)));
        if (configuration.allTargets && before.broken.size > 0 && packages.size > 0) {
            const some = await this.#check(configuration, packages);
            const of = `${name} of ${packages.size} of ${all.length} packages`;
            if (some.compiles) {
                this.#keep({ name: of, configuration, packages, before: some });
            } else {
                this.#left.push({ name: of, judged: false, reason: some.firstError });
            }
        }
    }

    #keep(judged: Omit<Judged, "after" | "isCovered">): void {
        const names = new Set(judged.before.records.map(({ name }) => name));
        for (const [at, other] of this.#judged.entries()) {
            const isCovered = other.before.records.every(({ name }) => names.has(name));
            this.#judged[at] = { ...other, isCovered: other.isCovered || isCovered };
        }
        this.#judged.push({ ...judged, isCovered: false, after: undefined });
    }

    #check(
        configuration: CaptureConfiguration,
        packages: ReadonlySet<string> | undefined,
        told?: CheckEvents,
    ): Promise<CheckedWorkspace> {
        return this.#checker.check(configuration, packages, told);
    }
}

/** A check that found nothing wrong, and was not run now. */
const UNEDITED = {
    ...{ compiles: true, firstError: "", errors: [], warnings: [], broken: new Set<string>() },
    ...{ compiled: 0, milliseconds: 0 },
};

/** New errors; or else warnings of lints that warn more often than before. */
function problemsOf(
    before: CheckedWorkspace,
    now: CheckedWorkspace,
): Omit<RoundProblems, "configuration"> | undefined {
    if (!now.compiles) {
        const [error] = now.errors;
        return { diagnostics: now.errors, first: error?.rendered ?? now.firstError };
    }
    const first = firstNewWarning(before.byLint, now.byLint);
    if (first === undefined) {
        return undefined;
    }
    const diagnostics = now.warnings.filter(
        ({ code, rendered }) => before.byLint.get(code)?.includes(rendered) !== true,
    );
    return { diagnostics, first };
}

function commandOf(
    { allTargets, allFeatures, noDefaultFeatures, features, target }: CaptureConfiguration,
    packages: ReadonlySet<string> | undefined,
): string {
    return [
        "cargo check",
        ...(packages === undefined ? ["--workspace"] : [...packages].map((name) => `-p ${name}`)),
        ...(allTargets ? ["--all-targets"] : []),
        ...(allFeatures ? ["--all-features"] : []),
        ...(noDefaultFeatures ? ["--no-default-features"] : []),
        ...(features.length > 0 ? [`--features ${features.join(",")}`] : []),
        ...(target === undefined ? [] : [`--target ${target}`]),
    ].join(" ");
}
