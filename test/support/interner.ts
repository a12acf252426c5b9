// Symbols for paths of std, where no program is at hand.

/** Externals of a program that declares nothing. */
export class Interner {
    readonly #numbers = new Map<string, number>();
    readonly #paths: string[] = [];

    external(path: string): number {
        const known = this.#numbers.get(path);
        if (known !== undefined) {
            return known;
        }
        this.#numbers.set(path, this.#paths.length);
        return this.#paths.push(path) - 1;
    }

    pathOf(index: number): string {
        return this.#paths[index] ?? "";
    }
}
