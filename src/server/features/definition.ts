// textDocument/definition and textDocument/references.

import type { DefinitionParams, ReferenceParams } from "vscode-languageserver";

import { occurrencesOfTarget, selectByPlace, twinsOf, type View } from "../../engine/index.ts";
import type { RenameTarget } from "../../refactor/index.ts";
import { fromDocumentPosition, occurrenceAt } from "../from-lsp.ts";
import type { Session } from "../session.ts";
import { definitionsOf, toLocation, toLocationLink } from "../to-lsp.ts";
import type { Feature } from "./feature.ts";

/** Goes from a name to its definition. */
export const definition: Feature = {
    capabilities: () => ({ definitionProvider: true }),
    register: (session) => {
        session.onLsp<DefinitionParams>("textDocument/definition", (params, context) =>
            session.host.engine.query(context, (view) => answerDefinition(session, view, params)),
        );
    },
};

/** Lists the decided uses of a name. */
export const references: Feature = {
    capabilities: () => ({ referencesProvider: true }),
    register: (session) => {
        session.onLsp<ReferenceParams>("textDocument/references", (params, context) =>
            session.host.engine.query(context, (view) => answerReferences(session, view, params)),
        );
    },
};

function answerDefinition(session: Session, view: View, params: DefinitionParams): object | null {
    const occurrence = occurrenceAt(session, view, params);
    if (occurrence === undefined) {
        return null;
    }
    const targets = definitionsOf(view, occurrence.binding);
    if (session.capabilities.textDocument?.definition?.linkSupport === true) {
        const origin = { path: occurrence.file, span: occurrence.span };
        return targets.map((target) => toLocationLink(session, view, origin, target));
    }
    return targets.map((target) => toLocation(session, view, target.path, target.name));
}

function answerReferences(session: Session, view: View, params: ReferenceParams): object | null {
    const at = fromDocumentPosition(session, view, params);
    if (at.kind === "refusal") {
        return at;
    }
    const chosen = selectByPlace(view, at.place);
    if (chosen.kind === "refusal") {
        return null; // LSP: no name here, or none that is decided.
    }
    const { includeDeclaration } = params.context;
    return occurrencesOfTarget(view, chosen.target)
        .filter((each) => includeDeclaration || !isDefinitionOf(view, chosen.target, each))
        .map((each) => toLocation(session, view, each.file, each.span));
}

function isDefinitionOf(
    view: View,
    target: RenameTarget,
    occurrence: { file: string; span: { start: number } },
): boolean {
    if (target.kind === "local") {
        return (
            occurrence.file === target.local.file &&
            occurrence.span.start === target.local.nameSpan.start
        );
    }
    return twinsOf(view, target.symbol).some((index) => {
        const symbol = view.resolution.symbol(index);
        return symbol.file === occurrence.file && symbol.nameSpan?.start === occurrence.span.start;
    });
}
