// Distinct names of one file; entry 0 is the empty string.

/** Gives each distinct name a number. */
export class NameTable {
    readonly names: string[] = [""];
    readonly #codes = new Map<string, number>([["", 0]]);

    constructor(names: readonly string[] = []) {
        for (const name of names) {
            this.code(name);
        }
    }

    /** Number of a name, new or known. */
    code(name: string): number {
        let code = this.#codes.get(name);
        if (code === undefined) {
            code = this.names.length;
            this.names.push(name);
            this.#codes.set(name, code);
        }
        return code;
    }
}
