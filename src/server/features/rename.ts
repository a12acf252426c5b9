// textDocument/prepareRename and textDocument/rename.

import type { PrepareRenameParams, RenameParams } from "vscode-languageserver";

import { refuse } from "../../base/index.ts";
import { selectRename, type RequestContext, type View } from "../../engine/index.ts";
import type { PlaceDto } from "../../protocol/index.ts";
import type { RenameTarget } from "../../refactor/index.ts";
import { refuseUnlessApplicable } from "../applicable.ts";
import { fromDocumentPosition } from "../from-lsp.ts";
import { toRange } from "../positions.ts";
import type { Session } from "../session.ts";
import { canConfirm, toWorkspaceEdit } from "../to-lsp.ts";
import type { Feature } from "./feature.ts";

/** Renames where it is right, and says why not where it is not. */
export const rename: Feature = {
    capabilities: (session) => ({
        renameProvider:
            session.capabilities.textDocument?.rename?.prepareSupport === true
                ? { prepareProvider: true, workDoneProgress: true }
                : true,
    }),
    register: (session) => {
        session.onLsp<PrepareRenameParams>("textDocument/prepareRename", (params, context) =>
            session.host.engine.query(context, (view) => prepare(session, view, params)),
        );
        session.onLsp<RenameParams>("textDocument/rename", (params, context) =>
            session.host.engine.query(context, (view) => plan({ session, context }, view, params)),
        );
    },
};

function prepare(session: Session, view: View, params: PrepareRenameParams): object | null {
    const at = fromDocumentPosition(session, view, params);
    if (at.kind === "refusal") {
        return at;
    }
    const chosen = select(view, at.place);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    const { occurrence, target } = chosen;
    if (occurrence === undefined) {
        return prepareImplicit(session, view, target);
    }
    if (target.kind === "symbol") {
        const symbol = view.resolution.symbol(target.symbol);
        if (symbol.file === undefined) {
            const message = `\`${symbol.display}\` is outside the workspace`;
            return refuse("RENAME_EXTERNAL", message, { at: [at.place] });
        }
    }
    session.host.engine.prepareRename(view, target);
    return {
        range: toRange(view.lines(occurrence.file), occurrence.span, session.encoding),
        placeholder: occurrence.name,
    };
}

/** Whether the client has asked for words of texts, each of which needs a yes. */
function asksForText(session: Session): boolean {
    const options: unknown = session.initializeParams?.initializationOptions;
    return (
        typeof options === "object" &&
        options !== null &&
        "renameText" in options &&
        options.renameText === true
    );
}

/** Of an alias, the token under the cursor is what an editor renames: the alias. */
function select(view: View, place: PlaceDto): ReturnType<typeof selectRename> {
    const selector = { kind: "place", place } as const;
    const chosen = selectRename(view, selector, undefined);
    return chosen.kind === "refusal" && chosen.code === "RENAME_ALIAS"
        ? selectRename(view, selector, "alias")
        : chosen;
}

/** `self` and `'_` are no occurrences, and can be given a name. */
function prepareImplicit(session: Session, view: View, target: RenameTarget): object | null {
    if (target.kind !== "local") {
        return null;
    }
    const { file, name, nameSpan } = target.local;
    return {
        range: toRange(view.lines(file), nameSpan, session.encoding),
        placeholder: name,
    };
}

async function plan(
    { session, context }: { session: Session; context: RequestContext },
    view: View,
    params: RenameParams,
): Promise<object | null> {
    const at = fromDocumentPosition(session, view, params);
    if (at.kind === "refusal") {
        return at;
    }
    const chosen = select(view, at.place);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    const { engine } = session.host;
    const planned = await engine.planRename(context, view, {
        target: chosen.target,
        newName: params.newName,
        isTextIncluded: canConfirm(session) && asksForText(session),
    });
    if (planned.kind === "refusal") {
        return planned;
    }
    const refused = refuseUnlessApplicable(view, planned, canConfirm(session));
    return refused ?? toWorkspaceEdit(session, view, planned);
}
