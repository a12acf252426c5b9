// One validation in its worktree: the baseline, rounds of edit and check, the comparison of bindings, the
// separate checks. Writes nothing outside of the worktree and the caches.

import { join } from "node:path";

import { checkCancelled, refuse, type Refusal } from "../../base/index.ts";
import type { WorkspaceChecker } from "../../capture/index.ts";
import type { TrialPlace } from "../../executor/index.ts";
import type {
    RepairRoundDto,
    SeparateCheckDto,
    ValidateRenameParams,
    ValidationEvidenceDto,
} from "../../protocol/index.ts";
import type { RenamePlan, UnprovedPlace } from "../../refactor/index.ts";
import { placeAt } from "../describe.ts";
import type { EnginePorts } from "../ports.ts";
import type { View } from "../view.ts";
import { CheckedConfigurations, type RoundProblems } from "./checked-configurations.ts";
import { ComparedBindings, type ComparedRename } from "./compared-bindings.ts";
import type { RenameUnderTest } from "./rename-under-test.ts";
import { SandboxFiles } from "./sandbox-files.ts";
import { SeparateChecks } from "./separate-checks.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** What is validated, and where. */
export interface ValidationParts {
    readonly ports: EnginePorts;
    readonly view: View;
    readonly params: ValidateRenameParams;
    readonly rename: RenameUnderTest;
    /** The first plan. */
    readonly first: RenamePlan;
    /** It may pass without the compiler's bindings. */
    readonly isUncomparedAccepted: boolean;
    readonly place: TrialPlace;
    readonly watch: Stopwatch;
    readonly signal: AbortSignal | undefined;
}

/** A rename that passed. */
export interface Validated {
    readonly kind: "validated";
    readonly plan: RenamePlan;
    readonly evidence: ValidationEvidenceDto;
}

/** What is known of the unedited workspace. */
interface Before {
    readonly configurations: CheckedConfigurations;
    /** Undefined where the compiler's dumps are not understood. */
    readonly bindings: ComparedBindings | undefined;
    readonly aside: string;
    readonly separate: SeparateChecks;
}

/** A plan that compiles and means the same. */
interface Compared {
    readonly kind: "compared";
    readonly plan: RenamePlan;
    readonly compared: ComparedRename | undefined;
}

/** More rounds would only show that something else is wrong. */
const ROUNDS_MAX = 5;
const SHOWN_MAX = 20;

/** One validation. */
export class ValidationRun {
    readonly #parts: ValidationParts;
    readonly #files: SandboxFiles;
    readonly #rounds: RepairRoundDto[] = [];

    constructor(parts: ValidationParts) {
        this.#parts = parts;
        this.#files = new SandboxFiles(parts.place.folder, (text, edits) =>
            parts.ports.planner.applyEdits(text, edits),
        );
    }

    async run(): Promise<Validated | Refusal> {
        const { rename, first } = this.#parts;
        const before = await this.#lookBefore();
        if ("code" in before) {
            return before;
        }
        let done = await this.#repair(before, first);
        if ("code" in done && RETRIED.has(done.code) && rename.isGuessing) {
            // What was guessed may be what is wrong.
            const plain = await rename.withoutGuesses();
            const again = plain.kind === "refusal" ? plain : await this.#repair(before, plain);
            done = "code" in again ? done : again;
        }
        return "code" in done ? done : this.#finish(before, done);
    }

    /** Checks the unedited workspace, and keeps what the compiler says of it. */
    async #lookBefore(): Promise<Before | Refusal> {
        const { view, params, watch, place, isUncomparedAccepted } = this.#parts;
        if (params.withUncommitted === true) {
            await this.#files.put(new Map(view.unsaved.map((path) => [path, view.text(path)])));
        }
        watch.enter("checking before");
        const checker = await this.#openChecker();
        const { compiler, state } = checker.guarded;
        const aside = state.kind === "aside" ? state.message : "";
        if (compiler === undefined && !isUncomparedAccepted) {
            return refuse("VALIDATE_NOT_COMPARED", `bindings cannot be compared: ${aside}`, {
                advice: "use another toolchain, or accept that: --accept bindings-not-compared",
            });
        }
        const configurations = new CheckedConfigurations(checker);
        const refusal = await configurations.begin(place.folder);
        if (refusal !== undefined) {
            return refusal;
        }
        watch.enter("dumping before");
        const bindings = await this.#openBindings(configurations, compiler?.commitHash ?? "");
        if (compiler !== undefined) {
            await bindings.keep();
        }
        const separate = await this.#openSeparate(bindings);
        const kept = compiler === undefined ? undefined : bindings;
        return { configurations, bindings: kept, aside, separate };
    }

    async #openChecker(): Promise<WorkspaceChecker> {
        const capture = await import("../../capture/index.ts");
        const { view, place, signal, watch } = this.#parts;
        const folders = view.model.packages.map((one) => String(one.workspaceFolder));
        return capture.WorkspaceChecker.open({
            root: place.folder,
            cargoFolders: [...new Set(folders)].sort(),
            folder: join(place.cache, "validate"),
            signal,
            onProgress: (_, done, total) => {
                watch.report(done, total);
            },
        });
    }

    #openBindings(
        configurations: CheckedConfigurations,
        compiler: string,
    ): Promise<ComparedBindings> {
        const { view, place, signal, watch, first, rename } = this.#parts;
        return ComparedBindings.open(
            {
                ...{ view, root: place.folder, compiler, signal },
                folder: join(place.cache, "validate", "dumps"),
                oldName: first.oldName,
                newName: first.newName,
                // All that any plan may come to edit.
                files: new Set([
                    ...first.fileHashes.keys(),
                    ...rename.doubts.map(({ path }) => path),
                ]),
                report: watch.report,
            },
            configurations.records,
        );
    }

    #openSeparate(bindings: ComparedBindings): Promise<SeparateChecks> {
        const { place, params, signal, first, watch } = this.#parts;
        return SeparateChecks.begin({
            place: {
                folder: place.folder,
                targetFolder: join(place.cache, "target"),
                signal,
                onProgress: (_, done, total) => {
                    watch.report(done, total);
                },
            },
            folder: join(place.cache, "validate", "doc-links"),
            crates: bindings.reachable,
            names: [first.oldName, first.newName],
            isThorough: params.thorough === true,
            stateOf: (record) => bindings.stateOf(record),
        });
    }

    /** Rounds of edit, check and repair, and then the comparison of bindings. */
    async #repair(before: Before, begin: RenamePlan): Promise<Compared | Refusal> {
        const { rename, watch, signal } = this.#parts;
        let plan = begin;
        let last: RenamePlan | undefined;
        for (let round = 1; ; round++) {
            checkCancelled(signal);
            watch.enter("editing");
            const unfit = await this.#files.make(plan);
            if (unfit !== undefined) {
                return unfit;
            }
            watch.enter("checking");
            const problems = await before.configurations.judge();
            this.#rounds.push({
                fingerprint: plan.fingerprint,
                added: rename.difference(plan, last),
                removed: last === undefined ? [] : rename.difference(last, plan),
                diagnostics: problems?.diagnostics.length ?? 0,
            });
            if (problems === undefined) {
                return this.#compare(before, plan);
            }
            last = plan;
            const next =
                round === ROUNDS_MAX ? undefined : await rename.repair(plan, problems.diagnostics);
            if (next === undefined) {
                return broken(problems, this.#rounds.length);
            }
            if (next.kind === "refusal") {
                return next;
            }
            plan = next;
        }
    }

    async #compare({ bindings }: Before, plan: RenamePlan): Promise<Compared | Refusal> {
        const { rename, watch } = this.#parts;
        if (bindings === undefined) {
            return { kind: "compared", plan, compared: undefined };
        }
        watch.enter("comparing bindings");
        const compared = await bindings.compare(plan, rename.doubts);
        const { difference } = compared;
        return difference === undefined
            ? { kind: "compared", plan, compared }
            : refuse(
                  "VALIDATE_MEANING",
                  `it compiles, and the compiler understands ${difference.crate} otherwise (${difference.dump})`,
                  {
                      candidates: difference.lines.split("\n"),
                      advice: "nothing was changed; choose another name",
                  },
              );
    }

    /** The separate checks, and whether anything is left in doubt. */
    async #finish(before: Before, { plan, compared }: Compared): Promise<Validated | Refusal> {
        const { watch } = this.#parts;
        const restore = (): Promise<void> => this.#files.restore();
        watch.enter("documentation links");
        const docLinks = await before.separate.docLinks();
        if ("code" in docLinks) {
            return docLinks;
        }
        const doubtful = this.#refuseDoubts(plan, compared, docLinks);
        if (doubtful !== undefined) {
            return doubtful;
        }
        watch.enter("linking");
        const link = await before.separate.link(plan, restore);
        if ("code" in link) {
            return link;
        }
        watch.enter("documentation tests");
        const unfit = await this.#files.make(plan);
        const doctests = unfit ?? (await before.separate.doctests(plan, restore));
        if ("code" in doctests) {
            return doctests;
        }
        const evidence = this.#evidence(before, compared, { link, docLinks, doctests });
        return { kind: "validated", plan, evidence };
    }

    /** Refuses where a place is open that the compiler has not seen: what is not compiled is not known. */
    #refuseDoubts(
        plan: RenamePlan,
        compared: ComparedRename | undefined,
        docLinks: SeparateCheckDto,
    ): Refusal | undefined {
        const { rename, view } = this.#parts;
        const isOpen = (place: UnprovedPlace): boolean => {
            const key = `${place.path}:${place.span.start}`;
            const isDocLink = view.resolution
                .occurrencesAt(place.path, place.span.start)
                .some(({ role }) => role === "doc-link");
            return isDocLink
                ? docLinks.verdict !== "passed"
                : !rename.isTold(place) && compared?.seen.seen.has(key) !== true;
        };
        const open = rename.doubts.filter(isOpen);
        const [first] = open;
        if (first === undefined) {
            return undefined;
        }
        const places = open.map(({ path, span }) => placeAt(view, path, span.start));
        const what = open.length === 1 ? "one place" : `${open.length} places`;
        return refuse(
            "VALIDATE_UNPROVED",
            `no configuration that was checked compiles ${what} that may mean \`${plan.oldName}\` (${first.reason})`,
            {
                at: places.slice(0, SHOWN_MAX),
                advice: "declare a configuration that compiles it, or change it by hand first",
            },
        );
    }

    #evidence(
        { configurations, aside, separate }: Before,
        compared: ComparedRename | undefined,
        checks: Pick<ValidationEvidenceDto, "docLinks" | "doctests" | "link">,
    ): ValidationEvidenceDto {
        const { watch, place } = this.#parts;
        const { bindings = 0, bodies = 0, crates = [] } = compared ?? {};
        const ended =
            compared === undefined
                ? ({ verdict: "not-compared", reason: aside } as const)
                : ({ verdict: "equal" } as const);
        return {
            configurations: configurations.describe(),
            rounds: this.#rounds,
            bindings: { ...ended, compared: bindings, crates },
            mir: { ...ended, bodies },
            checks: [...configurations.reports(), ...separate.reports],
            ...checks,
            ...watch.durations(),
            notes: [
                ...(place.left > 0
                    ? [`${place.left} uncommitted files are no part of what was checked`]
                    : []),
            ],
        };
    }
}

/** Says what the compiler found wrong. */
function broken({ diagnostics, first, configuration }: RoundProblems, rounds: number): Refusal {
    const [head = "it does not compile"] = first.split("\n");
    const shown = diagnostics.slice(0, SHOWN_MAX).map(({ level, code, message, spans }) => {
        const span = spans.find(({ isPrimary }) => isPrimary) ?? spans[0];
        const where = span === undefined ? "" : `${span.file}:${span.line + 1}: `;
        return `${where}${level}${code === "" ? "" : `[${code}]`}: ${message}`;
    });
    const more = diagnostics.length - shown.length;
    return refuse(
        "VALIDATE_BROKEN",
        `after ${rounds === 1 ? "one round" : `${rounds} rounds`}, ${configuration}: ${head}`,
        {
            candidates: [...shown, ...(more > 0 ? [`and ${more} more`] : [])],
            advice: "nothing was changed; look at the preview of the rename",
        },
    );
}

const RETRIED: ReadonlySet<string> = new Set(["VALIDATE_BROKEN", "VALIDATE_MEANING"]);
