// What planning a rename may ask of the world around it. Pure: all data comes through this interface.

import type { Span, Steps } from "../base/index.ts";
import type { Resolution, WorkspacePart } from "../resolve/index.ts";
import type { SyntaxTree } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import type { Conflict, FileMove, RenameTarget } from "./model.ts";

/** Sources that are made when building, where a file takes them in. */
export interface GeneratedInclude {
    readonly path: string;
    /** Name of the macro that takes them in. */
    readonly span: Span;
    /** Whoever asked did not wait any longer for what is still being made; seconds. */
    readonly waited?: number | undefined;
    /** Undefined where they were not made. */
    readonly sources: readonly { readonly name: string; readonly text: string }[] | undefined;
}

/** The view of one workspace that a rename is planned on. */
export interface RenameContext {
    readonly resolution: Resolution;
    readonly model: WorkspaceModel;
    /** Text of a file that the resolution knows. */
    textOf(path: string): string;
    /** SHA-256 of the file's bytes, hex. */
    contentHashOf(path: string): string;
    /** Syntax of a file; undefined when it is not at hand, and then attributes are not known. */
    treeOf(path: string): SyntaxTree | undefined;
    /** Whether a file is made by a program, so that an edit in it would be lost. */
    isGenerated?(path: string): boolean;
    /** What is made when building, and is no file of the workspace. */
    readonly generated?: readonly GeneratedInclude[];
    /** Whether a file or folder exists, Rust or not; without it only the model's Rust files are known. */
    pathExists?(path: string): boolean;
    /** Text of a file of the workspace that is not Rust; without it manifests are not edited. */
    readPlain?(path: string): string | undefined;
    /** Documents that are no Rust, where words of the old name are looked for. */
    readonly plainFiles?: readonly string[];
    /** Whether words of comments, literals and documents are edited too. */
    readonly isTextIncluded?: boolean;
    /** Whether a text of a file is Rust without a syntax error; without it no macro call is expanded. */
    isWhole?(path: string, text: string): boolean;
    /** Syntax of a text that is no file; without it no patterns can be read. */
    parse?(text: string): SyntaxTree;
    /**
     * Resolves the workspace as it would be after a rename. `changes` holds the new text of every edited
     * and every moved file under its path after the moves; each move's old path is gone.
     * With `change`, the names that tokens change between: then the answers need only hold as long as
     * every token that spells one of them means what it meant.
     */
    reResolve(
        changes: ReadonlyMap<string, string>,
        moves: readonly FileMove[],
        change?: { readonly from: string; readonly to: string },
    ): Resolution;
    /** Resolves a part of the workspace with other texts in some files; without it the whole is. */
    resolvePart?(changes: ReadonlyMap<string, string>, part: WorkspacePart): Steps<Resolution>;
}

/** What is asked about a token's surroundings. */
export type MeaningContext = Pick<RenameContext, "resolution" | "model" | "textOf" | "treeOf">;

/** Where a rename starts: what is meant, and the token to be shown as renamed. */
export interface RenameStart {
    readonly kind: "start";
    readonly target: RenameTarget;
    /** The token; a lifetime's quote is left out, a raw prefix is inside. */
    readonly span: Span;
    /** Present name, without raw prefix and quote. */
    readonly name: string;
}

/** A grade of conflicts that a person can say yes to. */
export type AcceptableGrade = Exclude<Conflict["grade"], "error" | "changes-meaning">;
