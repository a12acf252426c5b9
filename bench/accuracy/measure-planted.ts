// Tries the planted clashes: one workspace of all the programs, one daemon, one session with the peer.

import { mkdirSync } from "node:fs";
import path from "node:path";

import { RenamePeer } from "../peers/rename-peer.ts";
import { demand, openSubject, stopSubject } from "../peers/subject.ts";
import { askPlan, type MeasureOptions } from "./measure-workspace.ts";
import { readPlantedCases, writePlantedWorkspace } from "./planted-cases.ts";
import { tryPlanted, type PlantedBench, type PlantedResult } from "./planted-trial.ts";
import { WorkspaceCopy } from "./workspace-copy.ts";

/** Tries every case of a folder of data. */
export async function measurePlanted(
    data: string,
    options: Pick<MeasureOptions, "scratch" | "peerVersion" | "std" | "log">,
): Promise<PlantedResult[]> {
    const cases = readPlantedCases(data);
    const folder = path.join(options.scratch, "planted");
    mkdirSync(folder, { recursive: true });
    const root = path.join(folder, "asked");
    writePlantedWorkspace(cases, root);
    const client = await openSubject(root, path.join(folder, "store"));
    const peer =
        options.peerVersion === undefined ? undefined : await RenamePeer.start(root, options.std);
    try {
        await demand(client, "rename-impact/capture", {});
        const bench: PlantedBench = {
            plan: async (at, newName) => askPlan(client, at, newName),
            askPeer:
                peer === undefined ? undefined : async (at, newName) => peer.rename(at, newName),
            copy: new WorkspaceCopy(root, path.join(folder, "edited")),
            target: path.join(folder, "target"),
        };
        const results: PlantedResult[] = [];
        for (const one of cases) {
            const result = await tryPlanted(bench, one);
            results.push(result);
            const { outcome, said } = result.ours;
            const theirs = result.peer?.outcome ?? "not asked";
            options.log(`${one.name}: ours ${outcome} (${said}) | peer ${theirs}`);
        }
        return results;
    } finally {
        await peer?.stop();
        await stopSubject(client);
    }
}
