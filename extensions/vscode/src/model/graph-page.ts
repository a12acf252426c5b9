// The body of the graph's page: what its script fills.

/** The page, before anything is in it. */
export const GRAPH_BODY = `
<header class="bar">
  <h1 id="title">Impact</h1>
  <p id="summary" class="dim"></p>
  <div class="tools" role="toolbar" aria-label="Graph">
    <label for="search" class="hidden">Search symbols</label>
    <input id="search" type="search" placeholder="Search symbols" autocomplete="off" spellcheck="false">
    <button id="next" type="button" class="second" disabled>Next match</button>
    <button id="open-all" type="button" class="second">Open all</button>
    <button id="close-all" type="button" class="second">Close all</button>
    <button id="zoom-out" type="button" class="second" aria-label="Zoom out">−</button>
    <button id="zoom-in" type="button" class="second" aria-label="Zoom in">+</button>
    <button id="fit" type="button" class="second">Fit</button>
  </div>
</header>
<main>
  <div id="canvas" tabindex="0" role="application" aria-roledescription="graph" aria-label="Graph" aria-describedby="keys"></div>
  <p id="keys" class="hidden">Arrow keys move the picture, plus and minus zoom, 0 shows all of it. The tree that follows lists the same symbols.</p>
  <aside aria-label="Symbols">
    <ul id="tree" role="tree" aria-label="Symbols by distance, crate and module"></ul>
    <section id="details" aria-label="Selected symbol" aria-live="polite"></section>
    <dl id="legend" aria-label="Legend">
      <dt><span class="line call"></span></dt><dd>call</dd>
      <dt><span class="line reference"></span></dt><dd>reference</dd>
      <dt><span class="line implements"></span></dt><dd>implements</dd>
      <dt><span class="line dispatch"></span></dt><dd>dispatch</dd>
    </dl>
  </aside>
</main>
<p id="said" class="hidden" role="status"></p>
`;
