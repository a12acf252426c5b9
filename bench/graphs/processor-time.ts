// Milliseconds of the processor, not of the clock: others may be using the machine.

/** The least that some runs of a work took. */
export function leastMs(work: () => unknown, runs = 5): number {
    let least = Infinity;
    for (let run = 0; run < runs; run++) {
        const start = process.cpuUsage();
        work();
        const { user, system } = process.cpuUsage(start);
        least = Math.min(least, (user + system) / 1000);
    }
    return least;
}
