// Sources that are made when building and taken in by an include: no resolver reads them. Where they spell a name that
// changes, or are not there to be looked at, what they mean is open.

import type { RenameContext } from "./context.ts";
import type { RenameTarget, UnprovedPlace } from "./model.ts";
import { isWithinModule, moduleAt } from "./module-at.ts";

/** What changes its name, or its place. */
interface ChangedName {
    readonly target: RenameTarget;
    readonly oldName: string;
    readonly newName: string;
}

/** The includes whose sources may mean what is changed. */
export function generatedUses(
    context: RenameContext,
    { target, oldName, newName }: ChangedName,
): UnprovedPlace[] {
    if (target.kind === "local" || oldName === "") {
        return [];
    }
    const names = [...new Set([oldName, newName])];
    return (context.generated ?? []).flatMap(({ path, span, sources, waited }) => {
        if (!canName(context, target.symbol, path, span.start)) {
            return [];
        }
        if (sources === undefined) {
            const absence =
                waited === undefined
                    ? "is not there"
                    : `was not ready within ${waited} s (ask again)`;
            const reason = `what is included here is made when building and ${absence}: it may name \`${oldName}\``;
            return [{ path, span, reason }];
        }
        const found = sources.flatMap(({ name, text }) => {
            const words = wordsIn(text);
            return names.filter((each) => words.has(each)).map((each) => ({ name, each }));
        });
        const [first] = found;
        return first === undefined
            ? []
            : [
                  {
                      ...{ path, span },
                      reason: `\`${first.name}\`, which is made when building, has the name \`${first.each}\``,
                  },
              ];
    });
}

/** Whether code at a place could name a symbol, by crates and visibility. */
function canName(
    { resolution }: RenameContext,
    target: number,
    path: string,
    offset: number,
): boolean {
    const owners = resolution.files().find((file) => file.path === path)?.owners ?? [];
    return resolution.renameFamily(target).some((member) => {
        const { crate, parent, visibility, kind } = resolution.symbol(member);
        if (crate === undefined || !owners.includes(crate)) {
            return visibility === "public" || kind === "macro" || isMember(kind);
        }
        if (visibility !== "private" || isMember(kind) || parent === undefined) {
            return true;
        }
        const module = moduleAt(resolution, path, offset, crate);
        const isModule = ["crate", "module"].includes(resolution.symbol(parent).kind);
        return module === undefined || !isModule || isWithinModule(resolution, module, parent);
    });
}

/** Members are as visible as what holds them says. */
function isMember(kind: string): boolean {
    return kind === "variant" || kind === "method" || kind.startsWith("assoc-");
}

const known = new Map<string, ReadonlySet<string>>();
const KNOWN_MAX = 64;

/** All words of a text, those of comments and literals too: what macros make of these is not known. */
function wordsIn(text: string): ReadonlySet<string> {
    const words =
        known.get(text) ?? new Set(text.match(/[\p{XID_Start}_]\p{XID_Continue}*/gu) ?? []);
    known.delete(text);
    known.set(text, words);
    for (const oldest of known.keys()) {
        if (known.size <= KNOWN_MAX) {
            break;
        }
        known.delete(oldest);
    }
    return words;
}
