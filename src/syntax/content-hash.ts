// Hashes of a file: of its bytes, and of its tokens (what a compiler sees).

import { createHash } from "node:crypto";

/** SHA-256 of a text's bytes as UTF-8, hex. */
export function hashText(text: string): string {
    return createHash("sha256").update(text, "utf8").digest("hex");
}
