// Entry point: a workspace's captures to a Resolution, with as much as possible taken over from before.

import { finishSteps, type Steps } from "../base/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { Evidence } from "./evidence/evidence.ts";
import type { FileMoves } from "./file-moves.ts";
import { JoinedSource } from "./evidence/joined-source.ts";
import type { NameChange } from "./rename-patch.ts";
import { MovedSource } from "./moved-source.ts";
import { renameSession } from "./renamed-session.ts";
import type { ResolutionSource } from "./resolution-source.ts";
import { ResolvedWorkspace } from "./resolved-workspace.ts";
import { Session, SessionView, startSession, type Captures } from "./session.ts";
import { SpellingIndex } from "./spelling-index.ts";

/** What a resolution is made from. */
export interface ResolverInput {
    readonly model: WorkspaceModel;
    readonly captures: Captures;
    /** rustc's word on tokens, as far as it holds for these files. */
    readonly evidence?: Evidence | undefined;
}

/** What a rename changes, for a resolution of the text after it. */
export interface TextChange extends NameChange {
    /** The model before, and the files that move. */
    readonly moved?:
        | {
              readonly model: WorkspaceModel;
              readonly files: readonly { readonly from: string; readonly to: string }[];
          }
        | undefined;
}

/** Some crates of a workspace, with all that they depend on. */
export interface WorkspacePart {
    /** All packages, with the targets that belong to it. */
    readonly model: WorkspaceModel;
    /** Paths of the files that its crates have, and perhaps of more. */
    readonly files: ReadonlySet<string>;
}

/** Sessions kept: the committed state's and one overlay's. */
const SESSIONS_MAX = 2;

/** Resolves workspaces; keeps the sessions that fit later versions of the same files. */
export class Resolver {
    readonly #sessions: Session[] = [];
    readonly #spellings = new SpellingIndex();

    /** Resolves; files are walked when something first asks for their tokens. */
    resolve(input: ResolverInput): ResolvedWorkspace {
        const at = this.#sessions.findIndex((one) => one.fits(input.model, input.captures));
        const [known] = at === -1 ? [] : this.#sessions.splice(at, 1);
        const session = known ?? this.#newSession(input);
        this.#sessions.unshift(session);
        this.#sessions.length = Math.min(this.#sessions.length, SESSIONS_MAX);
        const view = new SessionView(session, input.captures, this.#spellings);
        const { evidence } = input;
        return new ResolvedWorkspace(
            evidence === undefined || evidence.units.length === 0
                ? view
                : new JoinedSource(view, evidence),
        );
    }

    /**
     * Resolves what is only looked at once, such as a proof's text after: keeps nothing of it. With the
     * names that a rename changes, it may answer from a session of the text before; what it answers then is
     * exact as long as every token that spells one of the two names means what it meant.
     */
    resolveAside(input: ResolverInput, change?: TextChange): ResolvedWorkspace {
        const derived = change === undefined ? undefined : this.#rename(input, change);
        if (derived !== undefined) {
            return new ResolvedWorkspace(derived);
        }
        return finishSteps(this.#aside(input, () => input));
    }

    /**
     * Resolves what is only looked at once as far as a part of the workspace goes, if it is not plain that the whole
     * costs nothing: files that show others what they showed need no session of their own.
     */
    resolvePart(input: ResolverInput, part: WorkspacePart): Steps<ResolvedWorkspace> {
        return this.#aside(input, () => ({
            model: part.model,
            captures: new Map([...input.captures].filter(([path]) => part.files.has(path))),
        }));
    }

    /** On a session that is there, or on one of its own, which may be of less. */
    *#aside(input: ResolverInput, own: () => ResolverInput): Steps<ResolvedWorkspace> {
        const known = this.#sessions.find((one) => one.fits(input.model, input.captures));
        const { model, captures } = known === undefined ? own() : input;
        const session =
            known ?? new Session(model, captures, { start: yield* startSession(model, captures) });
        return new ResolvedWorkspace(new SessionView(session, captures, this.#spellings));
    }

    /** A session of its own, with the tables of those before that hold in it too. */
    #newSession({ model, captures }: ResolverInput): Session {
        const sessions = this.#sessions.filter((one) => one.model === model);
        return new Session(model, captures, {
            earlier: { sessions, spellings: this.#spellings },
        });
    }

    /** Gives every program its own names: to be called before the loop goes on. */
    settle(): void {
        this.#sessions.forEach((session) => {
            session.settle();
        });
    }

    #rename(input: ResolverInput, { moved, ...change }: TextChange): ResolutionSource | undefined {
        const { model, files } = moved ?? { model: input.model, files: [] };
        const moves = new Map(files.map(({ from, to }) => [from, to]));
        const captures = moves.size === 0 ? input.captures : moveBack(input.captures, moves);
        for (const session of this.#sessions) {
            const derived =
                session.model === model
                    ? renameSession(session, { captures, change, moves }, this.#spellings)
                    : undefined;
            if (derived !== undefined) {
                const view = new SessionView(derived, captures, this.#spellings);
                return moves.size === 0 ? view : new MovedSource(view, moves);
            }
        }
        return undefined;
    }
}

/** Captures under the paths that their files have moved from. */
function moveBack(captures: Captures, moves: FileMoves): Captures {
    const cameFrom = new Map([...moves].map(([from, to]) => [to, from]));
    return new Map([...captures].map(([path, one]) => [cameFrom.get(path) ?? path, one]));
}

/** Resolves a workspace once. */
export function resolveWorkspace(input: ResolverInput): ResolvedWorkspace {
    return new Resolver().resolve(input);
}
