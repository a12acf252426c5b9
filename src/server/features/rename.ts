// textDocument/prepareRename and textDocument/rename.

import type { PrepareRenameParams, RenameParams } from "vscode-languageserver";

import { refuse, type Refusal } from "../../base/index.ts";
import { selectByPlace, type RequestContext, type View } from "../../engine/index.ts";
import type { RenamePlan } from "../../refactor/index.ts";
import { fromDocumentPosition } from "../from-lsp.ts";
import { toRange } from "../positions.ts";
import type { Session } from "../session.ts";
import { toWorkspaceEdit } from "../to-lsp.ts";
import type { Feature } from "./feature.ts";

const PLACES_MAX = 3;

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
    const chosen = selectByPlace(view, at.place);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    const { occurrence } = chosen;
    if (occurrence === undefined) {
        return null;
    }
    if (chosen.target.kind === "symbol") {
        const symbol = view.resolution.symbol(chosen.target.symbol);
        if (symbol.file === undefined) {
            const message = `\`${symbol.display}\` is outside the workspace`;
            return refuse("RENAME_EXTERNAL", message, { at: [at.place] });
        }
    }
    return {
        range: toRange(view.lines(occurrence.file), occurrence.span, session.encoding),
        placeholder: occurrence.name,
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
    const chosen = selectByPlace(view, at.place);
    if (chosen.kind === "refusal") {
        return chosen;
    }
    const { engine } = session.host;
    const planned = await engine.planRename(context, view, chosen.target, params.newName);
    if (planned.kind === "refusal") {
        return planned;
    }
    return refuseUnlessApplicable(view, planned) ?? toWorkspaceEdit(session, view, planned);
}

/** An editor applies what it gets without another question: it gets only what needs none. */
export function refuseUnlessApplicable(view: View, plan: RenamePlan): Refusal | undefined {
    const what = `\`${plan.oldName}\` to \`${plan.newName}\``;
    const [conflict] = plan.conflicts;
    if (conflict !== undefined) {
        const more = plan.conflicts.length - 1;
        const others = more === 0 ? "" : `, and ${more} more`;
        return refuse("RENAME_CONFLICT", `renaming ${what}: ${conflict.message}${others}`, {
            at: conflict.at.slice(0, PLACES_MAX),
            advice: "choose another name",
        });
    }
    const count = plan.unproved.length;
    if (count > 0) {
        const [first] = plan.unproved;
        const places = plan.unproved.slice(0, PLACES_MAX).map((each) => ({
            path: each.path,
            ...view.lines(each.path).position(each.span.start),
        }));
        const where = places.map((at) => `${at.path}:${at.line + 1}:${at.column + 1}`).join(", ");
        const reason = first === undefined ? "" : ` (${first.reason})`;
        return refuse(
            "RENAME_UNPROVED",
            `renaming ${what} is unproved at ${count} ${count === 1 ? "place" : "places"}: ` +
                `${where}${reason}`,
            { at: places, advice: "see all of them with `ferrograph rename --preview`" },
        );
    }
    if (plan.proof.verdict === "refuted") {
        return refuse("RENAME_REFUTED", `renaming ${what} would change what other names mean`, {
            advice: "choose another name",
        });
    }
    return undefined;
}
