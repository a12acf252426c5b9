// Small shapes that several renderers share: counts, sizes, durations, columns. Pure.

/** `1 file`, `1,234 files`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
    return `${groupDigits(number)} ${number === 1 ? singular : plural}`;
}

/** A whole number with commas between thousands. */
export function groupDigits(number: number): string {
    return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A number of bytes as a person says it. */
export function showBytes(bytes: number): string {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    let value = bytes;
    while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit += 1;
    }
    return `${unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** A duration as a person says it. */
export function showMilliseconds(milliseconds: number): string {
    if (milliseconds < 1000) {
        return `${Math.round(milliseconds)} ms`;
    }
    const seconds = milliseconds / 1000;
    return seconds < 60
        ? `${seconds.toFixed(1)} s`
        : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Lines `label   value`, the values below each other. */
export function alignPairs(pairs: readonly (readonly [string, string])[]): string[] {
    const width = Math.max(0, ...pairs.map(([label]) => label.length));
    return pairs.map(([label, value]) => `${label.padEnd(width)}   ${value}`.trimEnd());
}

/** Width of the widest text, at most `limit`. */
export function widest(texts: readonly string[], limit: number): number {
    return Math.min(limit, Math.max(0, ...texts.map((text) => text.length)));
}
