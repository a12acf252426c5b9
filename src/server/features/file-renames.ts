// workspace/willRenameFiles: what follows when files or folders are renamed in the editor. An editor renames
// them whatever is answered; what cannot follow is said.

import { isRefusal } from "../../base/index.ts";
import type { FileOperationRegistrationOptions, RenameFilesParams } from "vscode-languageserver";

import type { RequestContext, View } from "../../engine/index.ts";
import type { FileMove } from "../../refactor/index.ts";
import { refuseUnlessApplicable } from "../applicable.ts";
import type { Session } from "../session.ts";
import { canConfirm, toWorkspaceEdit } from "../to-lsp.ts";
import type { Feature } from "./feature.ts";

/** Renames modules with their files. */
export const fileRenames: Feature = {
    capabilities: (session) =>
        session.capabilities.workspace?.fileOperations?.willRename === true
            ? { workspace: { fileOperations: { willRename: { filters: FILTERS } } } }
            : {},
    register: (session) => {
        session.onLsp<RenameFilesParams>("workspace/willRenameFiles", (params, context) =>
            session.host.engine.query(context, (view) =>
                follow({ session, context }, view, params),
            ),
        );
    },
};

const FILTERS: FileOperationRegistrationOptions["filters"] = [
    { scheme: "file", pattern: { glob: "**/*.rs", matches: "file" } },
    { scheme: "file", pattern: { glob: "**", matches: "folder" } },
];

async function follow(
    { session, context }: { session: Session; context: RequestContext },
    view: View,
    { files }: RenameFilesParams,
): Promise<object | null> {
    // Several at once are parts of something larger, which no single rename is.
    const [only, ...others] = files.flatMap(({ oldUri, newUri }) => {
        const [from, to] = [session.uris.toPath(oldUri), session.uris.toPath(newUri)];
        return from === undefined || to === undefined ? [] : [{ from, to }];
    });
    if (only === undefined || others.length > 0) {
        return null;
    }
    const plan = await session.host.engine.planFile(context, view, only);
    if (plan === undefined) {
        return null;
    }
    const edit =
        plan.kind === "refusal"
            ? plan
            : (refuseUnlessApplicable(view, plan, canConfirm(session)) ??
              toWorkspaceEdit(session, view, {
                  ...plan,
                  moves: plan.moves.filter((move) => !isTheirs(only, move)),
              }));
    if (!isRefusal(edit)) {
        return edit;
    }
    const message = `Ferrograph: nothing follows \`${only.to}\`: ${edit.message}`;
    session.notify("window/showMessage", { type: WARNING, message });
    return null;
}

const WARNING = 2;

/** Whether the editor makes a move itself. */
function isTheirs(renamed: FileMove, { from }: FileMove): boolean {
    return from === renamed.from || from.startsWith(`${renamed.from}/`);
}
