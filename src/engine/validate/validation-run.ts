// One validation in its worktree: the baseline, rounds of edit and check, the comparison of bindings, the
// separate checks. Writes nothing outside of the worktree and the caches.

import { createHash } from "node:crypto";
import { join } from "node:path";

import {
    checkCancelled,
    OperatingError,
    refuse,
    required,
    type Refusal,
} from "../../base/index.ts";
import type { CheckedTools, ListedFiles, WorkspaceChecker } from "../../capture/index.ts";
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
import {
    ComparedBindings,
    type ComparedRename,
    type ComparisonAhead,
} from "./compared-bindings.ts";
import { describeProblems } from "./describe-problems.ts";
import { isHiddenOutside } from "./hidden-names.ts";
import {
    areAsTheyWere,
    hashedFiles,
    hashedOutputs,
    KnownStates,
    standingOutputs,
    type KeptState,
} from "./known-states.ts";
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
    /** Its commit, where its dumps are understood. */
    readonly compiler: string | undefined;
    readonly aside: string;
    readonly separate: SeparateChecks;
    /** All of it is remembered, and nothing was looked at now. */
    readonly isRemembered: boolean;
    /** Files that the compiler read and no edit can touch: what build scripts made. Undefined where not known. */
    readonly generated: KeptState["files"] | undefined;
    /** What Cargo made of the unedited crates. */
    readonly outputs: KeptState["outputs"];
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
    readonly #known: KnownStates;
    readonly #rounds: RepairRoundDto[] = [];
    /** What passed but for places that nothing has compiled. */
    #open: { readonly plan: RenamePlan; readonly places: readonly UnprovedPlace[] } | undefined =
        undefined;

    constructor(parts: ValidationParts) {
        this.#parts = parts;
        this.#known = new KnownStates(join(parts.place.cache, "validate"));
        this.#files = new SandboxFiles(parts.place.folder, (text, edits) =>
            parts.ports.planner.applyEdits(text, edits),
        );
    }

    async run(): Promise<Validated | Refusal> {
        const { view, params, watch, rename } = this.#parts;
        let { first } = this.#parts;
        if (params.withUncommitted === true) {
            await this.#files.put(new Map(view.unsaved.map((path) => [path, view.text(path)])));
        }
        watch.enter("checking before");
        let isFresh = params.fresh === true;
        const remembered = isFresh ? undefined : await this.#lookBack();
        if (remembered !== undefined) {
            const done = await this.#judgeRemembered(remembered);
            if (done?.kind === "validated") {
                return done;
            }
            isFresh = done?.code === "VALIDATE_MEANING";
            await this.#files.restore();
            this.#rounds.length = 0;
            const again = await rename.anew();
            if (again.kind === "refusal") {
                return again;
            }
            first = again;
        }
        watch.enter("checking before");
        const before = await this.#lookBefore(await this.#openChecker(), isFresh);
        if ("code" in before) {
            return before;
        }
        const done = await this.#judge(before, first);
        return "code" in done && done.code === "VALIDATE_UNPROVED"
            ? this.#judgeWider(before, done)
            : done;
    }

    /** Judges once more with configurations that compile what is open, if any do. */
    async #judgeWider(before: Before, refusal: Refusal): Promise<Validated | Refusal> {
        const { ports, view, watch } = this.#parts;
        const { configurations, compiler } = before;
        const open = this.#open;
        if (open === undefined || compiler === undefined || configurations.isDeclared) {
            return refusal;
        }
        const { widerConfigurations } = await import("./wider-configurations.ts");
        const wider = await widerConfigurations(ports, view, open.places);
        if (wider.length === 0) {
            return refusal;
        }
        await this.#files.restore();
        watch.enter("checking before");
        if (!(await configurations.widen(wider))) {
            return refusal;
        }
        const bindings = await this.#openBindings(configurations, compiler);
        const separate = required(
            await this.#openSeparate(bindings, false),
            "what is not remembered is looked for",
        );
        const generated = this.#generated(await this.#filesOf(configurations));
        return this.#judge({ ...before, bindings, separate, generated }, open.plan);
    }

    async #judge(before: Before, first: RenamePlan): Promise<Validated | Refusal> {
        const { rename } = this.#parts;
        let done = await this.#repair(before, first);
        if ("code" in done && RETRIED.has(done.code) && rename.isGuessing) {
            // What was guessed may be what is wrong.
            const plain = await rename.withoutGuesses();
            const again = plain.kind === "refusal" ? plain : await this.#repair(before, plain);
            done = "code" in again ? done : again;
        }
        return "code" in done ? done : this.#finish(before, done);
    }

    /**
     * Judges by what is remembered; undefined where crates turn out to have been compiled otherwise than before.
     * Unless it passes it is all done anew, so that memory never decides against a rename.
     */
    async #judgeRemembered(before: Before): Promise<Refusal | Validated | undefined> {
        let done: Validated | Refusal;
        try {
            done = await this.#judge(before, this.#parts.first);
        } catch (thrown) {
            if (thrown instanceof OperatingError && thrown.code === "COMPILER_DUMP_FAILED") {
                return undefined;
            }
            throw thrown;
        }
        return "code" in done || (await this.#isCompiledAsBefore(before)) ? done : undefined;
    }

    /** Whether each crate was compiled in the same way, and with the same files but for those that were edited. */
    async #isCompiledAsBefore({ configurations, generated }: Before): Promise<boolean> {
        const { commandParts } = await import("../../capture/index.ts");
        const { folder } = this.#parts.place;
        return (
            configurations.isCompiledAsBefore((record) => commandParts(folder, record)) &&
            generated !== undefined &&
            (await areAsTheyWere({ files: generated }))
        );
    }

    /** Takes what is remembered of the unedited workspace; undefined where that is not enough. */
    async #lookBack(): Promise<Before | undefined> {
        const key = this.#key();
        const kept = key === undefined ? undefined : await this.#known.find(key);
        if (kept === undefined) {
            return undefined;
        }
        // The key holds who the tools of the workspace's own folder are; in another one they are asked.
        const isKeyed = this.#cargoFolders()[0] === "";
        const checker = await this.#openChecker(isKeyed ? kept.tools : undefined);
        const { compiler } = checker.guarded;
        if (compiler?.commitHash !== kept.tools.compiler.commitHash) {
            return undefined;
        }
        const configurations = new CheckedConfigurations(checker);
        configurations.take(kept);
        const listed = new Map(
            kept.files.map(([name, files]) => [name, files.map(([file]) => file)]),
        );
        const bindings = await this.#openBindings(configurations, compiler.commitHash, { listed });
        const separate = await this.#openSeparate(bindings, true);
        return separate === undefined
            ? undefined
            : {
                  ...{ configurations, bindings, aside: "", separate, isRemembered: true },
                  ...{ generated: this.#generated(kept.files), outputs: kept.outputs },
                  compiler: compiler.commitHash,
              };
    }

    /** Checks the unedited workspace, and keeps what the compiler says of it: anew, or what is not known. */
    async #lookBefore(checker: WorkspaceChecker, isFresh: boolean): Promise<Before | Refusal> {
        const { place, isUncomparedAccepted } = this.#parts;
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
        const commit = compiler?.commitHash ?? "";
        const bindings = await this.#openBindings(configurations, commit, { isFresh });
        const separate = required(
            await this.#openSeparate(bindings, false),
            "what is not remembered is looked for",
        );
        const files = await this.#filesOf(configurations);
        const outputs = await hashedOutputs(configurations.records);
        const key = this.#key();
        const { tools } = checker;
        if (key !== undefined && tools !== undefined) {
            await this.#known.keep(key, { ...configurations.kept(), files, outputs, tools });
        }
        return {
            ...{ configurations, aside, separate, isRemembered: false },
            bindings: compiler === undefined ? undefined : bindings,
            ...{ generated: this.#generated(files), outputs },
            compiler: compiler?.commitHash,
        };
    }

    /** Files of each crate, as they are now. */
    async #filesOf({ records }: CheckedConfigurations): Promise<KeptState["files"]> {
        const { filesOf } = await import("../../capture/index.ts");
        return Promise.all(
            records.map(
                async (record) => [record.name, await hashedFiles(await filesOf(record))] as const,
            ),
        );
    }

    /** What build scripts made is not in the worktree. */
    #generated(files: KeptState["files"]): KeptState["files"] {
        const { worktree } = this.#parts.place;
        return files.map(
            ([name, own]) =>
                [name, own.filter(([file]) => !file.startsWith(`${worktree}/`))] as const,
        );
    }

    /** Of the unedited state; undefined where what is compiled follows from more than any key can hold. */
    #key(): string | undefined {
        const { view, params, place } = this.#parts;
        if (place.state === undefined) {
            return undefined;
        }
        const unsaved =
            params.withUncommitted === true
                ? view.unsaved.map((path) => [path, view.text(path)])
                : [];
        const parts = [place.state, this.#cargoFolders(), unsaved];
        return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
    }

    /** Folders of the root manifests of Cargo workspaces. */
    #cargoFolders(): string[] {
        const { view } = this.#parts;
        const folders = view.model.packages.map((one) => String(one.workspaceFolder));
        return [...new Set(folders)].sort();
    }

    /** Asks the tools who they are, unless that is known. */
    async #openChecker(tools?: CheckedTools): Promise<WorkspaceChecker> {
        const capture = await import("../../capture/index.ts");
        const { place, signal, watch } = this.#parts;
        const parts: Parameters<typeof capture.WorkspaceChecker.open>[0] = {
            root: place.folder,
            cargoFolders: this.#cargoFolders(),
            folder: join(place.cache, "validate"),
            signal,
            onProgress: (_, done, total) => {
                watch.report(done, total);
            },
        };
        return tools === undefined
            ? capture.WorkspaceChecker.open(parts)
            : capture.WorkspaceChecker.reopen(parts, tools);
    }

    #openBindings(
        configurations: CheckedConfigurations,
        compiler: string,
        {
            listed,
            isFresh = false,
        }: { readonly listed?: ListedFiles; readonly isFresh?: boolean } = {},
    ): Promise<ComparedBindings> {
        const { view, place, signal, watch, first, rename } = this.#parts;
        return ComparedBindings.open(
            {
                ...{ view, root: place.folder, compiler, isFresh, signal },
                folder: join(place.cache, "validate"),
                oldName: first.oldName,
                newName: first.newName,
                isHidden: isHiddenOutside(view, first),
                // All that any plan may come to edit.
                files: new Set([
                    ...first.fileHashes.keys(),
                    ...rename.doubts.map(({ path }) => path),
                ]),
                report: watch.report,
            },
            configurations.records,
            listed,
        );
    }

    #openSeparate(
        bindings: ComparedBindings,
        isRemembered: boolean,
    ): Promise<SeparateChecks | undefined> {
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
            isRemembered,
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
            const { problems, ahead } = await this.#check(before, plan);
            this.#rounds.push({
                fingerprint: plan.fingerprint,
                added: rename.difference(plan, last),
                removed: last === undefined ? [] : rename.difference(last, plan),
                diagnostics: problems?.diagnostics.length ?? 0,
            });
            if (problems === undefined) {
                return this.#compare(before, plan, ahead);
            }
            last = plan;
            const next =
                round === ROUNDS_MAX ? undefined : await rename.repair(plan, problems.diagnostics);
            if (next === undefined) {
                return describeProblems(problems, this.#rounds.length);
            }
            if (next.kind === "refusal") {
                return next;
            }
            plan = next;
        }
    }

    /** Checks an edit; what is wrong with it, or else what was compared meanwhile. */
    async #check(
        before: Before,
        plan: RenamePlan,
    ): Promise<{
        readonly problems: RoundProblems | undefined;
        readonly ahead: Promise<ComparisonAhead> | undefined;
    }> {
        const { configurations, bindings, outputs } = before;
        const compiled: string[] = [];
        let begun: ComparisonAhead | undefined;
        let ahead: Promise<ComparisonAhead> | undefined;
        // Crates are copied once Cargo runs, which all of it waits for.
        const onStarted = (): void => {
            ahead ??= bindings
                ?.compareAhead(plan, this.#parts.rename.doubts)
                .then(async (comparison) => {
                    begun = comparison;
                    const tell = (crate: string): void => {
                        comparison.compiled(crate);
                    };
                    compiled.forEach(tell);
                    (await standingOutputs(outputs, comparison.waitsFor)).forEach(tell);
                    return comparison;
                });
            ahead?.catch(() => undefined); // Thrown where it is awaited.
        };
        const onCompiled = (crate: string): void => {
            compiled.push(crate);
            begun?.compiled(crate);
        };
        let problems: RoundProblems | undefined;
        try {
            problems = await configurations.judge({ onStarted, onCompiled });
        } catch (thrown) {
            await (await ahead?.catch(() => undefined))?.stop();
            throw thrown;
        }
        if (problems !== undefined || !(await this.#isCompiledAsBefore(before))) {
            await (await ahead)?.stop();
            return { problems, ahead: undefined };
        }
        return { problems, ahead };
    }

    async #compare(
        { bindings }: Before,
        plan: RenamePlan,
        ahead: Promise<ComparisonAhead> | undefined,
    ): Promise<Compared | Refusal> {
        const { rename, watch } = this.#parts;
        if (bindings === undefined) {
            return { kind: "compared", plan, compared: undefined };
        }
        watch.enter("comparing bindings");
        const compared = await bindings.compare(plan, rename.doubts, await ahead);
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
        this.#open = { plan, places: open };
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
        { configurations, aside, separate, isRemembered }: Before,
        compared: ComparedRename | undefined,
        checks: Pick<ValidationEvidenceDto, "docLinks" | "doctests" | "link">,
    ): ValidationEvidenceDto {
        const { watch, place } = this.#parts;
        const { bindings = 0, bodies = 0, crates = [], left = 0 } = compared ?? {};
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
                ...(isRemembered ? ["the unedited files were checked before"] : []),
                ...(left > 0
                    ? [
                          `${left} bodies hold neither name, and nothing that could write one: not compared`,
                      ]
                    : []),
                ...(place.left > 0
                    ? [`${place.left} uncommitted files are no part of what was checked`]
                    : []),
            ],
        };
    }
}

const RETRIED: ReadonlySet<string> = new Set(["VALIDATE_BROKEN", "VALIDATE_MEANING"]);
