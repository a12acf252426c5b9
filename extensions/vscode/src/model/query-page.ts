// The body of the SQL scratchpad's page: what its script fills.

import { escapeHtml } from "./page.ts";

/** Statements to begin with. */
export const EXAMPLES: readonly (readonly [title: string, sql: string])[] = [
    [
        "Largest crates",
        "SELECT crate_name, count(*) AS symbols\nFROM symbols\nWHERE kind <> 'external'\nGROUP BY crate_name\nORDER BY symbols DESC",
    ],
    [
        "Symbols that the most others reach",
        "SELECT s.path, r.reached\nFROM reach() r JOIN symbols s USING (symbol_id)\nORDER BY r.reached DESC, s.path\nLIMIT 20",
    ],
    [
        "Most called",
        "SELECT s.path, count(*) AS callers\nFROM edges e JOIN symbols s ON s.symbol_id = e.target\nWHERE e.kind = 'call'\nGROUP BY s.path\nORDER BY callers DESC, s.path\nLIMIT 20",
    ],
    ["Tests", "SELECT package, kind, target, test_name, file\nFROM tests\nORDER BY ALL"],
];

/** The page, before anything is asked. */
export const QUERY_BODY = `
<main>
  <h1>SQL over the workspace</h1>
  <form id="form">
    <label for="sql">Statement</label>
    <textarea id="sql" rows="8" spellcheck="false" autocomplete="off" aria-describedby="hint"></textarea>
    <p id="hint" class="dim">One statement that reads. Ctrl+Enter runs it.</p>
    <div class="tools">
      <button id="run" type="submit">Run</button>
      <label for="examples">Examples</label>
      <select id="examples">
        <option value="">Choose…</option>
${EXAMPLES.map(([title], index) => `        <option value="${index}">${escapeHtml(title)}</option>`).join("\n")}
      </select>
      <button id="copy" type="button" class="second" disabled>Copy as CSV</button>
    </div>
  </form>
  <p id="said" role="status"></p>
  <div id="scroll" role="region" aria-label="Result" tabindex="0" hidden>
    <table id="table"><caption class="hidden">Result of the statement</caption><thead></thead><tbody></tbody></table>
  </div>
  <button id="more" type="button" class="second" hidden>More rows</button>
</main>
`;
