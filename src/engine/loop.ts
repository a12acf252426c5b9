// The engine's event loop: one closed set of events, one switch, one queue per workspace. Changes of
// the committed state wait for each other; overlays are a client's own and are taken at once.

import type { OperatingError, Refusal } from "../base/index.ts";
import type {
    ApplyRenameParams,
    ApplyRenameResult,
    CaptureParams,
    CaptureResult,
} from "../protocol/index.ts";
import { monotonicMs, type Logger } from "../platform/index.ts";
import type { Change, RequestContext } from "./engine.ts";
import type { AppliedPlan, PlanToApply } from "./patches/plan-to-apply.ts";

/** A change of what one client sees. */
export type OverlayChange = Exclude<Change, { readonly kind: "disk" }>;

/** Everything that can happen to an engine. */
export type EngineEvent =
    | { readonly kind: "open" }
    | { readonly kind: "disk"; readonly paths: readonly string[] }
    | { readonly kind: "capture"; readonly context: RequestContext; readonly params: CaptureParams }
    | {
          readonly kind: "apply-rename";
          readonly context: RequestContext;
          readonly params: ApplyRenameParams;
      }
    | { readonly kind: "apply-plan"; readonly plan: PlanToApply }
    | { readonly kind: "overlay"; readonly change: OverlayChange }
    /** rustc's facts are there: names mean what they did, or more. */
    | { readonly kind: "evidence" }
    /** Opening is over: what was put off for it can be done. */
    | { readonly kind: "confirm" }
    | { readonly kind: "watch-problem"; readonly problem: OperatingError }
    | { readonly kind: "close" };

/** What handling an event of each kind gives. */
export interface EventResults {
    readonly open: undefined;
    readonly disk: undefined;
    readonly capture: CaptureResult;
    readonly "apply-rename": ApplyRenameResult | Refusal;
    readonly "apply-plan": AppliedPlan | Refusal;
    readonly overlay: undefined;
    readonly evidence: undefined;
    readonly confirm: undefined;
    readonly "watch-problem": undefined;
    readonly close: undefined;
}

type AnyResult = EventResults[keyof EventResults];

/** What the loop does about events. */
export interface EngineActions {
    open(): Promise<void>;
    refresh(paths: readonly string[]): Promise<void>;
    capture(context: RequestContext, params: CaptureParams): Promise<CaptureResult>;
    applyRename(
        context: RequestContext,
        params: ApplyRenameParams,
    ): Promise<ApplyRenameResult | Refusal>;
    applyPlan(plan: PlanToApply): Promise<AppliedPlan | Refusal>;
    changeOverlay(change: OverlayChange): void;
    takeEvidence(): Promise<void>;
    confirm(): Promise<void>;
    noteWatchProblem(problem: OperatingError): void;
    close(): Promise<void>;
}

/** Takes events and handles them in order. */
export class EngineLoop {
    readonly #actions: EngineActions;
    readonly #logger: Logger;
    #last: Promise<unknown> = Promise.resolve();
    #waiting = 0;

    constructor(actions: EngineActions, logger: Logger) {
        this.#actions = actions;
        this.#logger = logger;
    }

    /** Number of events that are not handled yet. */
    get backlog(): number {
        return this.#waiting;
    }

    /** Handles an event when its turn comes. */
    post<K extends EngineEvent["kind"]>(
        event: Extract<EngineEvent, { readonly kind: K }>,
    ): Promise<EventResults[K]> {
        const known: EngineEvent = event;
        if (known.kind === "overlay" || known.kind === "watch-problem") {
            return this.#timed(known) as Promise<EventResults[K]>;
        }
        this.#waiting += 1;
        const handled = this.#last.then(() => this.#timed(known));
        this.#last = handled
            .catch(() => undefined) // Told to whoever posted it; the next event has its own turn.
            .finally(() => {
                this.#waiting -= 1;
            });
        return handled as Promise<EventResults[K]>;
    }

    async #timed(event: EngineEvent): Promise<AnyResult> {
        const start = monotonicMs();
        const ms = (): number => Math.round((monotonicMs() - start) * 10) / 10;
        try {
            const result = await this.#handle(event);
            this.#logger.debug({ event: event.kind, ms: ms() }, "event handled");
            return result;
        } catch (err) {
            this.#logger.warn({ event: event.kind, ms: ms(), err }, "event failed");
            throw err;
        }
    }

    /** Overlays are taken before this returns: the next request of the client already sees them. */
    #handle(event: EngineEvent): Promise<AnyResult> | undefined {
        switch (event.kind) {
            case "open":
                return this.#actions.open().then(() => undefined);
            case "disk":
                return this.#actions.refresh(event.paths).then(() => undefined);
            case "capture":
                return this.#actions.capture(event.context, event.params);
            case "apply-rename":
                return this.#actions.applyRename(event.context, event.params);
            case "apply-plan":
                return this.#actions.applyPlan(event.plan);
            case "overlay":
                this.#actions.changeOverlay(event.change);
                return undefined;
            case "evidence":
                return this.#actions.takeEvidence().then(() => undefined);
            case "confirm":
                return this.#actions.confirm().then(() => undefined);
            case "watch-problem":
                this.#actions.noteWatchProblem(event.problem);
                return undefined;
            case "close":
                return this.#actions.close().then(() => undefined);
        }
    }
}
