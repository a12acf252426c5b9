// Control flow as written, before the compiler lowers it: the files of `-Zdump-mir=built`, one per body.

import { checkCancelled } from "../../../base/index.ts";
import { join } from "node:path";
import { listFolder, readBytes } from "../../../platform/index.ts";
import type { BodyFlow, FlowShard } from "../facts.ts";
import { parseMirBody, successorsOf, type MirBody } from "./mir-text.ts";
import type { DumpInput } from "./read-dumps.ts";
import { SourceFiles } from "./source-files.ts";

/** Reads the folder of `-Zdump-mir=built -Zdump-mir-dir=FOLDER`. */
export async function readBuiltMir(folder: string, input: DumpInput): Promise<FlowShard> {
    const files = new SourceFiles(input);
    const bodies: BodyFlow[] = [];
    const names = await listFolder(folder);
    for (const name of names) {
        checkCancelled(input.signal);
        const owner = ownerOf(name, input.unit.crateName);
        if (owner === undefined) {
            continue;
        }
        const text = Buffer.from(await readBytes(join(folder, name))).toString("utf8");
        const body = parseMirBody(text);
        if (body !== undefined) {
            bodies.push(flowOf(owner, body, files));
        }
    }
    return { compiler: input.compiler, unit: input.unit, files: files.facts(), bodies };
}

/** DefPath in a file's name: `fixt.{impl#0}-area.1-1-000.built.after.mir`, the crate without its hash. */
function ownerOf(name: string, crateName: string): string | undefined {
    const match = /^[^.]+\.(.*)\.\d+-\d+-\d+\.built\.after\.mir$/.exec(name);
    const path = match?.[1];
    return path === undefined ? undefined : `${crateName}::${path.replaceAll("-", "::")}`;
}

function flowOf(owner: string, body: MirBody, files: SourceFiles): BodyFlow {
    const count = Math.max(-1, ...body.blocks.map((block) => block.number)) + 1;
    const blockFile = new Int32Array(count).fill(-1);
    const blockSpan = new Uint32Array(count * 2);
    const edges: number[] = [];
    for (const { number, statements } of body.blocks) {
        const span = files.span(statements[0]?.span);
        if (span !== undefined) {
            blockFile[number] = span.file;
            blockSpan.set([span.start, span.end], number * 2);
        }
        for (const next of successorsOf(statements.at(-1)?.text ?? "")) {
            edges.push(number, next);
        }
    }
    return { owner, blockFile, blockSpan, edges: Uint32Array.from(edges) };
}
