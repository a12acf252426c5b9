// Our own requests (src/protocol): each checked at the door and passed to the engine. The same table
// answers over a socket and inside one process.

import { isAbsolute } from "node:path";

import { OperatingError, type Refusal } from "../base/index.ts";
import {
    findAffected,
    findReferences,
    measureImpact,
    measureReach,
    parseRippleOptions,
    propagateRenames,
    selectTarget,
    summarize,
    type Engine,
    type RequestContext,
} from "../engine/index.ts";
import {
    LANDINGS,
    METHOD,
    QUERY_FORMATS,
    TYPE_SOURCES,
    VALIDATION_LEVELS,
    type ImpactParams,
    type ImpactResult,
    type RequestMap,
    type RollbackParams,
    type SymbolSelector,
    type ValidateRenameParams,
} from "../protocol/index.ts";
import type { RequestName, RequestParams, RequestResult } from "./client.ts";

/** Requests that the engine answers; handshake and stop are the connection's. */
export type EngineRequestName = Exclude<RequestName, typeof METHOD.handshake | typeof METHOD.stop>;

type Handlers = {
    readonly [M in EngineRequestName]: (
        engine: Engine,
        context: RequestContext,
        params: RequestMap[M][0],
    ) => Promise<RequestMap[M][1] | Refusal>;
};

async function answerImpact(
    engine: Engine,
    context: RequestContext,
    params: ImpactParams,
): Promise<ImpactResult | Refusal> {
    const options = parseRippleOptions(params);
    if (options.kind === "refusal") {
        return options;
    }
    const { at, details = false } = params;
    if (at !== undefined) {
        return engine.history.impactAt(context, { ...params, at }, options);
    }
    return engine.query(context, async (view) => {
        const chosen = selectTarget(view, params.symbol);
        return chosen.kind === "refusal"
            ? chosen
            : measureImpact(view, chosen.target, { ...options, details });
    });
}

/** Handlers of our own requests. */
export const OWN_REQUESTS: Handlers = {
    [METHOD.capture]: (engine, context, params) => {
        checkOptional(params, "full", "boolean");
        checkOptional(params, "rustc", "boolean");
        checkOptional(params, "mir", "boolean");
        checkOptional(params, "rustAnalyzer", "boolean");
        return engine.capture(context, params);
    },
    [METHOD.status]: (engine, context) => engine.status(context),
    [METHOD.root]: (engine, context) => engine.roots(context),
    [METHOD.proof]: (engine, context, params) => {
        checkSelector(params.symbol);
        return engine.history.proof(context, params);
    },
    [METHOD.growth]: (engine, _context, params) => {
        checkNumber(params, "before");
        checkNumber(params, "after");
        return engine.history.growth(params);
    },
    [METHOD.verify]: (engine, context) => engine.history.verify(context),
    [METHOD.snapshot]: (engine, _context, params) => {
        checkNumber(params, "k");
        return engine.history.snapshot(params);
    },
    [METHOD.diff]: (engine, _context, params) => {
        checkNumber(params, "j");
        checkNumber(params, "k");
        checkOptional(params, "limit", "number");
        return engine.history.diff(params);
    },
    [METHOD.query]: (engine, context, params) => {
        checkString(params, "sql");
        checkOptional(params, "format", "string");
        checkOptional(params, "timeoutMs", "number");
        checkOptional(params, "at", "number");
        if (params.format !== undefined && !QUERY_FORMATS.includes(params.format)) {
            throw invalid(`\`format\` is one of ${QUERY_FORMATS.join(", ")}`);
        }
        return engine.tables.query(context, params);
    },
    [METHOD.queryNext]: (engine, context, params) => {
        checkString(params, "cursor");
        checkOptional(params, "close", "boolean");
        return engine.tables.next(context, params);
    },
    [METHOD.export]: (engine, context, params) => {
        checkString(params, "folder");
        checkOptional(params, "syntax", "boolean");
        if (!isAbsolute(params.folder)) {
            throw invalid("`folder` is an absolute path");
        }
        return engine.tables.export(context, params);
    },
    [METHOD.types]: (engine, context, params) => {
        checkStrings(params, "sources");
        const sources: readonly unknown[] =
            (field(params, "sources") as unknown[] | undefined) ?? [];
        if (
            sources.length === 0 ||
            !sources.every((one) => TYPE_SOURCES.some((each) => each === one))
        ) {
            throw invalid(`\`sources\` are of ${TYPE_SOURCES.join(", ")}`);
        }
        return engine.tables.types(context, params);
    },
    [METHOD.plan]: (engine, context, params) => {
        checkString(params, "patch");
        return engine.patches.plan(context, params);
    },
    [METHOD.applyPlan]: (engine, context, params) => {
        checkString(params, "plan");
        checkOptional(params, "inPlace", "boolean");
        checkOptional(params, "withUncommitted", "boolean");
        checkExecution(params);
        return engine.patches.apply(context, params);
    },
    [METHOD.operations]: (engine, _context, params) => {
        checkOptionalCount(params, "limit");
        return engine.patches.log(params);
    },
    [METHOD.propagate]: (engine, context, params) => {
        checkBetween(params);
        checkStrings(params, "accept");
        return propagateRenames(engine, context, params);
    },
    [METHOD.rollback]: (engine, context, params) => {
        checkString(params, "opId");
        checkExecution(params);
        return engine.patches.rollback(context, params);
    },
    [METHOD.replay]: (engine, context, params) => {
        checkString(params, "opId");
        return engine.patches.replay(context, params);
    },
    [METHOD.renameImpact]: (engine, context, params) => {
        checkSelector(params.symbol);
        checkString(params, "newName");
        checkOptional(params, "planOnly", "boolean");
        checkOptional(params, "ask", "boolean");
        checkOptional(params, "as", "string");
        checkStrings(params, "accept");
        return engine.renameImpact(context, params);
    },
    [METHOD.applyRename]: (engine, context, params) => {
        checkSelector(params.symbol);
        checkString(params, "newName");
        checkString(params, "fingerprint");
        checkOptional(params, "as", "string");
        checkStrings(params, "accept");
        return engine.applyRename(context, params);
    },
    [METHOD.validateRename]: (engine, context, params) => {
        checkValidation(params);
        return engine.patches.validate(context, params);
    },
    [METHOD.impact]: async (engine, context, params) => {
        checkSelector(params.symbol);
        checkOptional(params, "at", "number");
        checkOptional(params, "details", "boolean");
        checkOptional(params, "summary", "boolean");
        const impact = await answerImpact(engine, context, params);
        return params.summary === true && !("kind" in impact) ? summarize(impact) : impact;
    },
    [METHOD.reach]: async (engine, context, params) => {
        checkOptional(params, "publicOnly", "boolean");
        checkOptionalCount(params, "limit");
        const options = parseRippleOptions(params);
        return options.kind === "refusal"
            ? options
            : engine.query(context, (view) => measureReach(view, params, options, context));
    },
    [METHOD.flow]: (engine, context, params) => {
        checkSelector(params.symbol);
        checkOptional(params, "from", "number");
        if (params.to !== undefined) {
            checkNumber(checkObject(params.to), "block" in params.to ? "block" : "line");
        }
        return engine.flow(context, params);
    },
    [METHOD.affected]: (engine, context, params) => {
        checkString(params, "since");
        return findAffected(engine, context, params);
    },
    [METHOD.references]: async (engine, context, params) => {
        checkSelector(params.symbol);
        return engine.query(context, (view) => {
            const chosen = selectTarget(view, params.symbol);
            return chosen.kind === "refusal" ? chosen : findReferences(view, chosen.target);
        });
    },
};

/** Answers one of our own requests. */
export function answerOwnRequest<M extends EngineRequestName>(
    request: { readonly method: M; readonly params: RequestParams<M> },
    engine: Engine,
    context: RequestContext,
): Promise<RequestResult<M> | Refusal> {
    // The mapped type ties handler and parameters by M, which the compiler cannot follow here.
    const handler = OWN_REQUESTS[request.method] as unknown as (
        engine: Engine,
        context: RequestContext,
        params: RequestParams<M>,
    ) => Promise<RequestResult<M> | Refusal>;
    return handler(engine, context, checkObject(request.params));
}

/** Names of the requests that the engine answers. */
export function engineRequestNames(): EngineRequestName[] {
    return Object.keys(OWN_REQUESTS) as EngineRequestName[];
}

function invalid(message: string): OperatingError {
    return new OperatingError("PROTOCOL_INVALID_PARAMS", message);
}

function checkObject<T>(params: T): T {
    if (typeof params !== "object" || params === null) {
        throw invalid("parameters are an object");
    }
    return params;
}

function checkString(params: object, name: string): void {
    if (typeof field(params, name) !== "string") {
        throw invalid(`\`${name}\` is a string`);
    }
}

function checkNumber(params: object, name: string): void {
    if (typeof field(params, name) !== "number") {
        throw invalid(`\`${name}\` is a number`);
    }
}

function checkOptional(params: object, name: string, type: "boolean" | "number" | "string"): void {
    const value = field(params, name);
    if (value !== undefined && typeof value !== type) {
        throw invalid(`\`${name}\` is a ${type}`);
    }
}

function checkOptionalCount(params: object, name: string): void {
    const value = field(params, name);
    if (value !== undefined && !(Number.isInteger(value) && (value as number) >= 0)) {
        throw invalid(`\`${name}\` is a whole number`);
    }
}

function checkExecution(
    params: Pick<RollbackParams, "fresh" | "keep" | "land" | "validate">,
): void {
    checkOptional(params, "keep", "boolean");
    checkOptional(params, "fresh", "boolean");
    checkOptional(params, "push", "string");
    checkStrings(params, "bring");
    const { validate = "check", land = "branch" } = params;
    if (!VALIDATION_LEVELS.includes(validate)) {
        throw invalid(`\`validate\` is one of ${VALIDATION_LEVELS.join(", ")}`);
    }
    if (!LANDINGS.includes(land)) {
        throw invalid(`\`land\` is one of ${LANDINGS.join(", ")}`);
    }
}

/** Checks the parameters of a validated rename. */
export function checkValidation(params: ValidateRenameParams): void {
    checkSelector(params.symbol);
    checkString(params, "newName");
    checkOptional(params, "as", "string");
    checkOptional(params, "fingerprint", "string");
    for (const name of ["withUncommitted", "write", "thorough", "fresh"]) {
        checkOptional(params, name, "boolean");
    }
    checkStrings(params, "accept");
    checkStrings(params, "bring");
}

function checkBetween(params: object): void {
    const between = field(params, "between");
    const kind = typeof between === "object" && between !== null && field(between, "kind");
    const type = kind === "revisions" ? "string" : kind === "deltas" ? "number" : undefined;
    const ends = ["from", "to"].map((name) => typeof field(between ?? {}, name));
    if (type === undefined || !ends.every((each) => each === type)) {
        throw invalid("`between` is two `revisions` or two numbers of `deltas`, `from` and `to`");
    }
}

function checkStrings(params: object, name: string): void {
    const value = field(params, name);
    const isList = Array.isArray(value) && value.every((each) => typeof each === "string");
    if (value !== undefined && !isList) {
        throw invalid(`\`${name}\` is a list of strings`);
    }
}

function checkSelector(selector: SymbolSelector | undefined): void {
    const value: unknown = selector;
    if (typeof value === "object" && value !== null) {
        if (field(value, "kind") === "path" && typeof field(value, "path") === "string") {
            return;
        }
        const place = field(value, "place");
        if (field(value, "kind") === "place" && typeof place === "object" && place !== null) {
            const { line, column, path } = { line: 0, column: 0, path: "", ...place };
            const isWhole = (number: unknown): boolean => Number.isInteger(number);
            if (typeof path === "string" && isWhole(line) && isWhole(column)) {
                return;
            }
        }
    }
    throw invalid('`symbol` is {kind: "path", path} or {kind: "place", place}');
}

function field(value: object, name: string): unknown {
    return (value as Readonly<Record<string, unknown>>)[name];
}
