// The patches of a workspace, whose modules (schemas, the planner, git) are loaded when one is first asked
// for: opening a workspace and answering about names do without.

import type { Pace } from "../pace.ts";
import type { EnginePatches } from "../engine.ts";
import type { PatchParts, PatchService } from "./patch-service.ts";

/** Patches of one workspace, from the first question about one. */
export class PatchesWhenAsked implements EnginePatches {
    readonly #parts: PatchParts & { readonly pace: Pace };
    #service: Promise<PatchService> | undefined;
    #isClosed = false;

    constructor(parts: PatchParts & { readonly pace: Pace }) {
        this.#parts = parts;
    }

    plan: EnginePatches["plan"] = async (...asked) => (await this.#load()).plan(...asked);
    apply: EnginePatches["apply"] = async (...asked) => (await this.#load()).apply(...asked);
    log: EnginePatches["log"] = async (...asked) => (await this.#load()).log(...asked);
    rollback: EnginePatches["rollback"] = async (...asked) =>
        (await this.#load()).rollback(...asked);
    replay: EnginePatches["replay"] = async (...asked) => (await this.#load()).replay(...asked);
    validate: EnginePatches["validate"] = async (...asked) =>
        (await this.#load()).validate(...asked);

    /** Cleans up, once no questions come, what a crash left; an operation that is asked for waits for it. */
    async recover(): Promise<void> {
        await this.#parts.pace.quiet();
        if (!this.#isClosed) {
            (await this.#load()).recover();
        }
    }

    /** Cancels what is under way. */
    async close(): Promise<void> {
        this.#isClosed = true;
        await (await this.#service)?.close();
    }

    #load(): Promise<PatchService> {
        this.#service ??= import("./patch-service.ts").then(
            (module) => new module.PatchService(this.#parts),
        );
        return this.#service;
    }
}
