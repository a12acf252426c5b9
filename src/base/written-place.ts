// A place as people write it: FILE:LINE:COLUMN.

/** A place as written: the file as it stands, line and column counted from 1. */
export interface WrittenPlace {
    readonly file: string;
    readonly line: number;
    readonly column: number;
}

/** Splits `FILE:LINE:COLUMN`; undefined for everything else. */
export function splitPlace(written: string): WrittenPlace | undefined {
    const match = /^(.+?):(\d{1,9}):(\d{1,9})$/.exec(written);
    if (match === null || written.includes("::")) {
        return undefined;
    }
    return { file: match[1] ?? "", line: Number(match[2]), column: Number(match[3]) };
}
