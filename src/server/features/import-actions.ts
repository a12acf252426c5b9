// Code actions that rename an import in the place of its item: under an alias, or under the item's own name.
// Their edits are made when one is chosen: `codeAction/resolve`.

import type { CodeAction } from "vscode-languageserver";

import { OperatingError, type Refusal } from "../../base/index.ts";
import { selectRename, type RequestContext, type View } from "../../engine/index.ts";
import type { PlaceDto, RenameIntent } from "../../protocol/index.ts";
import type { Occurrence } from "../../resolve/index.ts";
import { refuseUnlessApplicable } from "../applicable.ts";
import type { Session } from "../session.ts";
import { canConfirm, toWorkspaceEdit } from "../to-lsp.ts";

/** What an action needs to be resolved. */
interface ImportActionData {
    readonly place: PlaceDto;
    readonly newName: string;
    readonly as: RenameIntent;
}

/** Whether the client asks for an action's edit when it is chosen. */
export function canResolveActions(session: Session): boolean {
    const can = session.capabilities.textDocument?.codeAction;
    return (
        can?.codeActionLiteralSupport !== undefined &&
        can.dataSupport === true &&
        can.resolveSupport?.properties.includes("edit") === true
    );
}

/** Offers what can be done about the import at a place. */
export function offerImports(
    session: Session,
    view: View,
    place: PlaceDto,
    occurrence: Occurrence | undefined,
): CodeAction[] {
    if (occurrence === undefined || !canResolveActions(session)) {
        return [];
    }
    const { name, role, span, file, viaAlias } = occurrence;
    const own = ownName(view, occurrence);
    if (viaAlias || role === "import-alias") {
        return own === undefined || own === name
            ? []
            : [
                  action(`Import \`${own}\` under its own name`, {
                      place,
                      newName: own,
                      as: "alias",
                  }),
              ];
    }
    const isLast = !/^\s*(?:::|as\s)/u.test(view.text(file).slice(span.end, span.end + 32));
    if (role !== "import" || !isLast) {
        return [];
    }
    const newName = aliasFor(name);
    return [action(`Import \`${name}\` as \`${newName}\``, { place, newName, as: "import" })];
}

function action(title: string, data: ImportActionData): CodeAction {
    return { title, kind: "refactor.rewrite", data };
}

/** The name that the imported item has where it is defined. */
function ownName(view: View, { binding }: Occurrence): string | undefined {
    switch (binding.kind) {
        case "symbol":
        case "ambiguous": {
            const [first] = binding.kind === "symbol" ? binding.symbols : binding.candidates;
            return first === undefined ? undefined : view.resolution.symbol(first).name;
        }
        case "external":
            return binding.path.split("::").at(-1);
        case "local":
        case "builtin":
        case "unresolved":
        case "opaque":
            return undefined;
    }
}

/** An alias in the style of a name: `g_alias`, `GAlias`, `G_ALIAS`. */
function aliasFor(name: string): string {
    if (/^[A-Z][A-Z0-9_]+$/u.test(name)) {
        return `${name}_ALIAS`;
    }
    return /^[A-Z]/u.test(name) ? `${name}Alias` : `${name}_alias`;
}

/** Makes the edit of an action that was chosen. */
export async function resolveImport(
    session: Session,
    context: RequestContext,
    chosen: CodeAction,
): Promise<CodeAction | Refusal> {
    const data = readData(chosen.data);
    const { engine } = session.host;
    return engine.query(context, async (view) => {
        const selected = selectRename(view, { kind: "place", place: data.place }, data.as);
        if (selected.kind === "refusal") {
            return selected;
        }
        const plan = await engine.planRename(context, view, {
            target: selected.target,
            newName: data.newName,
        });
        if (plan.kind === "refusal") {
            return plan;
        }
        const refused = refuseUnlessApplicable(view, plan, canConfirm(session));
        if (refused !== undefined) {
            return refused;
        }
        const edit = toWorkspaceEdit(session, view, plan);
        return "code" in edit ? edit : { ...chosen, edit };
    });
}

function readData(data: unknown): ImportActionData {
    if (
        typeof data === "object" &&
        data !== null &&
        "place" in data &&
        "newName" in data &&
        "as" in data
    ) {
        // It is what `offerImports` gave the client, which hands it back as it is.
        return data as ImportActionData;
    }
    throw new OperatingError("PROTOCOL_INVALID_PARAMS", "the action is none of this server's");
}
