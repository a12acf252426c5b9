// Which crates can name what of which other crates, by the packages' dependencies.

import { required } from "../base/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";

const reaches = new WeakMap<WorkspaceModel, PackageReach>();

/** Whether code of one crate can name public things of another. Says no only when it is certain. */
export function canReachCrate(
    model: WorkspaceModel,
    resolution: Resolution,
    from: number,
    to: number,
): boolean {
    if (from === to) {
        return true;
    }
    return reachOf(model).connects(resolution.symbol(from).name, resolution.symbol(to).name);
}

/** Whether code in a package can name public things of a crate, given by its name. */
export function canPackageReach(model: WorkspaceModel, from: number, to: string): boolean {
    return reachOf(model).reaches(from, to);
}

/**
 * Whether code that one crate makes can become part of another: by a procedural macro, or a build script, that
 * has it among its dependencies. Crates are given by name.
 */
export function isWrittenInto(model: WorkspaceModel, from: string, to: string): boolean {
    return reachOf(model).writes(from, to);
}

/** Whether code that one crate makes can become part of something that names public things of another. */
export function isWrittenBeside(model: WorkspaceModel, from: string, to: string): boolean {
    return reachOf(model).writesBeside(from, to);
}

function reachOf(model: WorkspaceModel): PackageReach {
    let reach = reaches.get(model);
    if (reach === undefined) {
        reach = new PackageReach(model);
        reaches.set(model, reach);
    }
    return reach;
}

/** Transitive dependencies of the packages; crates are told by name, and equal names count together. */
class PackageReach {
    readonly #model: WorkspaceModel;
    readonly #packages = new Map<string, readonly number[]>();
    readonly #reached = new Map<number, ReadonlySet<number>>();

    constructor(model: WorkspaceModel) {
        this.#model = model;
    }

    connects(from: string, to: string): boolean {
        const targets = this.#packagesOf(to);
        return this.#packagesOf(from).some((one) => {
            const reached = this.#reachOf(one);
            return targets.some((target) => reached.has(target));
        });
    }

    reaches(from: number, to: string): boolean {
        const reached = this.#reachOf(from);
        return this.#packagesOf(to).some((target) => reached.has(target));
    }

    writes(from: string, to: string): boolean {
        return this.#packagesOf(to).some((home) => this.#isWriterOf(home, from, to));
    }

    writesBeside(from: string, to: string): boolean {
        const targets = this.#packagesOf(to);
        return this.#model.packages.some((_, home) => {
            const reached = this.#reachOf(home);
            const isUser = targets.some((target) => reached.has(target));
            return isUser && this.#isWriterOf(home, from, undefined);
        });
    }

    /** Whether code that a crate makes can become part of a package, or of one crate of it. */
    #isWriterOf(home: number, from: string, crate: string | undefined): boolean {
        const makers = this.#packagesOf(from);
        const isMade = (writer: number): boolean =>
            makers.some((maker) => this.#reachOf(writer).has(maker));
        const targets = this.#targetsOf(home);
        if (this.#isBuiltBy(home, from)) {
            return true;
        }
        // A crate of procedural macros does not call its own.
        const isMacros = targets.every(
            ({ kind, crateName }) =>
                kind === "proc-macro" || (crate !== undefined && crateName !== crate),
        );
        return [...this.#reachOf(home)].some(
            (one) =>
                !(isMacros && one === home) &&
                this.#targetsOf(one).some(({ kind }) => kind === "proc-macro") &&
                isMade(one),
        );
    }

    /** Whether a package's build script is a crate, or can use one: the package's own library it cannot. */
    #isBuiltBy(home: number, from: string): boolean {
        const scripts = this.#targetsOf(home).filter(({ kind }) => kind === "build");
        if (scripts.length === 0 || scripts.some(({ crateName }) => crateName === from)) {
            return scripts.length > 0;
        }
        const { dependencies } = required(
            this.#model.packages[home],
            "a package that is not there",
        );
        const makers = this.#packagesOf(from);
        return dependencies.some(
            ({ kind, local }) =>
                kind === "build" &&
                local !== undefined &&
                makers.some((maker) => this.#reachOf(local).has(maker)),
        );
    }

    #targetsOf(index: number): WorkspaceModel["packages"][number]["targets"] {
        return required(this.#model.packages[index], "a package that is not there").targets;
    }

    #packagesOf(crate: string): readonly number[] {
        let found = this.#packages.get(crate);
        if (found === undefined) {
            found = this.#model.packages.flatMap((one, index) =>
                one.targets.some((target) => target.crateName === crate) ? [index] : [],
            );
            this.#packages.set(crate, found);
        }
        return found;
    }

    #reachOf(start: number): ReadonlySet<number> {
        const known = this.#reached.get(start);
        if (known !== undefined) {
            return known;
        }
        const reached = new Set([start]);
        // A set visits what is added to it during the loop.
        for (const at of reached) {
            const { dependencies } = required(
                this.#model.packages[at],
                "a package that is not there",
            );
            for (const { local } of dependencies) {
                if (local !== undefined) {
                    reached.add(local);
                }
            }
        }
        this.#reached.set(start, reached);
        return reached;
    }
}
