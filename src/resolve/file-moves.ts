// Files that have other paths after a rename.

/** The new path of each file that moves, by its old one. */
export type FileMoves = ReadonlyMap<string, string>;

/** No file moves. */
export const NO_MOVES: FileMoves = new Map();
