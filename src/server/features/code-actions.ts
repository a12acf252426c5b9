// Code actions "Preview impact of renaming …" and "Show impact of …", and the commands behind them,
// which answer with the ripple as data and as markdown.

import type {
    CodeAction,
    CodeActionParams,
    Command,
    ExecuteCommandParams,
} from "vscode-languageserver";

import { OperatingError, type Refusal } from "../../base/index.ts";
import {
    describeTarget,
    measureImpact,
    parseRippleOptions,
    selectByPlace,
    selectTarget,
    type RequestContext,
    type View,
} from "../../engine/index.ts";
import type {
    ImpactResult,
    PlaceDto,
    RenameImpactResult,
    SymbolSelector,
    ValidateRenameResult,
} from "../../protocol/index.ts";
import { impactMarkdown, renameMarkdown, validationMarkdown } from "../markdown.ts";
import { checkValidation } from "../own-requests.ts";
import { fromDocumentPosition } from "../from-lsp.ts";
import { canResolveActions, offerImports, resolveImport } from "./import-actions.ts";
import type { Session } from "../session.ts";
import type { Feature } from "./feature.ts";

/** Commands that the server executes. */
export const COMMAND = {
    /** Argument: {symbol, newName?, as?}. Without a new name: what a rename would have to touch. */
    renameImpact: "ferrograph.server.renameImpact",
    /** Argument: {symbol}. */
    impact: "ferrograph.server.impact",
    /** Argument: {symbol, newName} and the other parameters of a validated rename. */
    validateRename: "ferrograph.server.validateRename",
} as const;

/** The client's own command: it asks for the name. Argument: {symbol}. */
const ASK_AND_VALIDATE = "ferrograph.validateRename";

/** What a command answers with. */
export interface CommandResult {
    readonly markdown: string;
    readonly impact: ImpactResult | undefined;
    readonly rename: RenameImpactResult | undefined;
    readonly validation?: ValidateRenameResult;
}

/** Offers to look before leaping. */
export const codeActions: Feature = {
    capabilities: (session) => ({
        codeActionProvider: canResolveActions(session) ? { resolveProvider: true } : true,
        executeCommandProvider: { commands: Object.values(COMMAND), workDoneProgress: true },
    }),
    register: (session) => {
        session.onLsp<CodeActionParams>("textDocument/codeAction", (params, context) =>
            session.host.engine.query(context, (view) => offer(session, view, params)),
        );
        session.onLsp<CodeAction>("codeAction/resolve", (params, context) =>
            resolveImport(session, context, params),
        );
        session.onLsp<ExecuteCommandParams>("workspace/executeCommand", async (params, context) => {
            const result = await execute(session, context, params);
            if ("markdown" in result && !hasOption(session, "rendersImpact")) {
                // A client that does not know our commands drops their answers: say the gist.
                const [headline] = result.markdown.split("\n");
                session.notify("window/showMessage", { type: 3, message: plain(headline ?? "") });
            }
            return result;
        });
    },
};

function offer(
    session: Session,
    view: View,
    params: CodeActionParams,
): (CodeAction | Command)[] | null {
    const at = fromDocumentPosition(session, view, {
        textDocument: params.textDocument,
        position: params.range.start,
    });
    if (at.kind === "refusal") {
        return null;
    }
    const chosen = selectByPlace(view, at.place);
    if (chosen.kind === "refusal") {
        return [];
    }
    const { name, at: definition } = describeTarget(view, chosen.target);
    const argument = { symbol: { kind: "place", place: at.place } };
    const commands: Command[] = [];
    if (definition !== undefined) {
        const title = `Preview impact of renaming \`${name}\``;
        commands.push({ title, command: COMMAND.renameImpact, arguments: [argument] });
        if (hasOption(session, "asksNewName")) {
            const validated = `Rename \`${name}\` with validation…`;
            commands.push({ title: validated, command: ASK_AND_VALIDATE, arguments: [argument] });
        }
    }
    if (chosen.target.kind === "symbol") {
        const title = `Show impact of \`${name}\``;
        commands.push({ title, command: COMMAND.impact, arguments: [argument] });
    }
    const literals =
        session.capabilities.textDocument?.codeAction?.codeActionLiteralSupport !== undefined;
    const imports = offerImports(session, view, at.place, chosen.occurrence);
    return literals
        ? [
              ...commands.map((command) => ({ title: command.title, kind: "refactor", command })),
              ...imports,
          ]
        : commands;
}

async function execute(
    session: Session,
    context: RequestContext,
    params: ExecuteCommandParams,
): Promise<CommandResult | Refusal> {
    const argument = readArgument(params);
    const { engine } = session.host;
    switch (params.command) {
        case COMMAND.impact:
            return engine.query(context, (view) => showImpact(view, argument.symbol));
        case COMMAND.renameImpact: {
            const { symbol, newName, as } = argument;
            if (newName === undefined) {
                return engine.query(context, (view) => showImpact(view, symbol));
            }
            const answer = await engine.renameImpact(context, {
                symbol,
                newName,
                ...(as === undefined ? {} : { as }),
            });
            return "kind" in answer
                ? answer
                : { markdown: renameMarkdown(answer), impact: answer.impact, rename: answer };
        }
        case COMMAND.validateRename:
            return validate(session, context, argument);
        default:
            throw new OperatingError(
                "PROTOCOL_INVALID_PARAMS",
                `\`${params.command}\` is no command of this server`,
            );
    }
}

async function validate(
    { host: { engine } }: Session,
    context: RequestContext,
    { symbol, newName, as, all }: CommandArgument,
): Promise<CommandResult | Refusal> {
    const asked = { ...all, symbol, newName: newName ?? "", ...(as === undefined ? {} : { as }) };
    checkValidation(asked);
    if (newName === undefined) {
        throw new OperatingError("PROTOCOL_INVALID_PARAMS", "a validated rename has a `newName`");
    }
    const validation = await engine.patches.validate(context, asked);
    return "kind" in validation
        ? validation
        : {
              markdown: validationMarkdown(validation),
              impact: undefined,
              rename: undefined,
              validation,
          };
}

async function showImpact(view: View, selector: SymbolSelector): Promise<CommandResult | Refusal> {
    const options = parseRippleOptions({});
    const chosen = selectTarget(view, selector);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    if (options.kind === "refusal") {
        return options;
    }
    const impact = await measureImpact(view, chosen.target, options);
    return "kind" in impact
        ? impact
        : { markdown: impactMarkdown(impact), impact, rename: undefined };
}

interface CommandArgument {
    readonly symbol: SymbolSelector;
    readonly newName: string | undefined;
    readonly as: string | undefined;
    /** All that was given. */
    readonly all: object;
}

function readArgument(params: ExecuteCommandParams): CommandArgument {
    const argument: unknown = params.arguments?.[0];
    if (typeof argument === "object" && argument !== null && "symbol" in argument) {
        const { symbol } = argument;
        const newName =
            "newName" in argument && typeof argument.newName === "string"
                ? argument.newName
                : undefined;
        const as = "as" in argument && typeof argument.as === "string" ? argument.as : undefined;
        if (isSelector(symbol)) {
            return { symbol, newName, as, all: argument };
        }
    }
    throw new OperatingError(
        "PROTOCOL_INVALID_PARAMS",
        "the command's argument is {symbol, newName?, as?}",
    );
}

function isSelector(value: unknown): value is SymbolSelector {
    if (typeof value !== "object" || value === null) {
        return false;
    }
    return ("path" in value && typeof value.path === "string") || isPlaceHolder(value);
}

function isPlaceHolder(value: object): value is { kind: "place"; place: PlaceDto } {
    const place = "place" in value ? value.place : undefined;
    return (
        typeof place === "object" &&
        place !== null &&
        "path" in place &&
        "line" in place &&
        "column" in place
    );
}

/** Whether the client says that it can do something. */
function hasOption(session: Session, name: "asksNewName" | "rendersImpact"): boolean {
    const options: unknown = session.initializeParams?.initializationOptions;
    return (
        typeof options === "object" &&
        options !== null &&
        name in options &&
        (options as Readonly<Record<string, unknown>>)[name] === true
    );
}

function plain(markdown: string): string {
    return markdown.replace(/^#+\s*/, "").replaceAll("`", "");
}
