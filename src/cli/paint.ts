// Colors of a terminal, or none. Pure.

/** Marks up a piece of text for a terminal. */
export interface Paint {
    bold(text: string): string;
    dim(text: string): string;
    red(text: string): string;
    green(text: string): string;
    yellow(text: string): string;
    cyan(text: string): string;
}

const same = (text: string): string => text;

/** Text as it is. */
export const PLAIN: Paint = {
    bold: same,
    dim: same,
    red: same,
    green: same,
    yellow: same,
    cyan: same,
};

/** Text with the escape sequences of a terminal. */
export const COLORED: Paint = {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    red: wrap(31, 39),
    green: wrap(32, 39),
    yellow: wrap(33, 39),
    cyan: wrap(36, 39),
};

function wrap(on: number, off: number): (text: string) => string {
    return (text) => (text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`);
}
