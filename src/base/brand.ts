// Branded primitives: the same machine value, kept apart by the compiler.

declare const brand: unique symbol;

/** A primitive that only its own constructor may make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** An absolute path of the operating system, normalized. */
export type AbsPath = Brand<string, "AbsPath">;

/** A path relative to the workspace root, `/`-separated, without `.` or `..` segments. */
export type RepoPath = Brand<string, "RepoPath">;

/** Brands a normalized absolute path. */
export function absPath(path: string): AbsPath {
    return path as AbsPath;
}

/** Brands a normalized workspace-relative path. */
export function repoPath(path: string): RepoPath {
    return path as RepoPath;
}
