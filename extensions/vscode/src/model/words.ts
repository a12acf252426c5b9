// How numbers and times are put into words.

/** `1 symbol`, `2 symbols`. */
export function count(number: number, noun: string): string {
    return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

const UNITS: readonly (readonly [seconds: number, noun: string])[] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
];

/** How long ago something was: `3 hours ago`. */
export function timeAgo(thenMs: number, nowMs: number): string {
    const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1_000));
    for (const [length, noun] of UNITS) {
        if (seconds >= length) {
            return `${count(Math.floor(seconds / length), noun)} ago`;
        }
    }
    return "just now";
}

/** A size in the unit that suits it. */
export function bytes(number: number): string {
    const units = ["B", "KiB", "MiB", "GiB"];
    let value = number;
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit++;
    }
    return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
