// Entry point: a workspace's captures to a Resolution, with as much as possible taken over from before.

import type { WorkspaceModel } from "../workspace/index.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { JoinedSource } from "./evidence/joined-source.ts";
import type { NameChange } from "./rename-patch.ts";
import { renameSession, type RenamedSession } from "./renamed-session.ts";
import { ResolvedWorkspace } from "./resolved-workspace.ts";
import { Session, SessionView, type Captures } from "./session.ts";
import { SpellingIndex } from "./spelling-index.ts";

/** What a resolution is made from. */
export interface ResolverInput {
    readonly model: WorkspaceModel;
    readonly captures: Captures;
    /** rustc's word on tokens, as far as it holds for these files. */
    readonly evidence?: Evidence | undefined;
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
        const session = known ?? new Session(input.model, input.captures);
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
    resolveAside(input: ResolverInput, change?: NameChange): ResolvedWorkspace {
        const derived = change === undefined ? undefined : this.#rename(input, change);
        const known =
            derived ?? this.#sessions.find((one) => one.fits(input.model, input.captures));
        const session = known ?? new Session(input.model, input.captures);
        return new ResolvedWorkspace(new SessionView(session, input.captures, this.#spellings));
    }

    /** Gives every program its own names: to be called before the loop goes on. */
    settle(): void {
        this.#sessions.forEach((session) => {
            session.settle();
        });
    }

    #rename({ model, captures }: ResolverInput, change: NameChange): RenamedSession | undefined {
        for (const session of this.#sessions) {
            const derived =
                session.model === model
                    ? renameSession(session, captures, change, this.#spellings)
                    : undefined;
            if (derived !== undefined) {
                return derived;
            }
        }
        return undefined;
    }
}

/** Resolves a workspace once. */
export function resolveWorkspace(input: ResolverInput): ResolvedWorkspace {
    return new Resolver().resolve(input);
}
