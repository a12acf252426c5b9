// textDocument/prepareRename and textDocument/rename.

import type { PrepareRenameParams, RenameParams } from "vscode-languageserver";

import { refuse, type Refusal } from "../../base/index.ts";
import { needsOf, selectByPlace, type RequestContext, type View } from "../../engine/index.ts";
import type { RenamePlan } from "../../refactor/index.ts";
import { fromDocumentPosition } from "../from-lsp.ts";
import { toRange } from "../positions.ts";
import type { Session } from "../session.ts";
import { canConfirm, toWorkspaceEdit } from "../to-lsp.ts";
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
    const refused = refuseUnlessApplicable(view, planned, canConfirm(session));
    return refused ?? toWorkspaceEdit(session, view, planned);
}

/**
 * Refuses what an editor must not apply. It applies what it gets without another question, unless it can
 * ask for a yes: then it also gets a plan whose conflicts a person may accept.
 */
function refuseUnlessApplicable(
    view: View,
    plan: RenamePlan,
    canAsk: boolean,
): Refusal | undefined {
    const what = `\`${plan.oldName}\` to \`${plan.newName}\``;
    const needs: readonly string[] = needsOf(plan);
    const hard = plan.conflicts.filter(({ grade }) => !needs.includes(grade));
    const inTheWay = canAsk ? hard : [...hard, ...plan.conflicts];
    const [conflict] = inTheWay;
    if (conflict !== undefined) {
        const more = new Set(inTheWay).size - 1;
        const others = more === 0 ? "" : `, and ${more} more`;
        const accept = needs.map((grade) => `--accept ${grade}`).join(" ");
        return refuse("RENAME_CONFLICT", `renaming ${what}: ${conflict.message}${others}`, {
            at: conflict.at.slice(0, PLACES_MAX),
            advice:
                hard.length > 0
                    ? "choose another name"
                    : `if you mean to: \`ferrograph rename --apply ${accept}\``,
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
