"use strict";
// Starts the page: filters, matrix, list and card know of each other here alone.
(async () => {
  const byId = id => document.getElementById(id);
  const atlas = new Atlas(await (await unpacked("atlas-columns")).json());
  byId("atlas").hidden = false;
  const card = new Card(atlas, JSON.parse(byId("atlas-pages").textContent)), open = (at, back) => card.show(at, back);
  byId("of").append(...[...atlas.symbols.keys()].map(at => made("option", {value: at}, atlas.symbols[at])));
  byId("of").value = atlas.place.get("zr") ?? 0;
  const state = {order: () => byId("order").value, measure: () => byId("measure").value, of: () => Number(byId("of").value)};
  const matrix = new Matrix(atlas, open, state), list = new List(atlas, open);
  const buttons = atlas.symbols.map((symbol, at) => made("button", {type: "button", style: `--at:${atlas.places[at].join("/")}`, onclick: () => turn(at)}, symbol));
  byId("periodic").append(...buttons);
  function turn(at) {
    const {wanted, refused} = atlas.parsed(byId("query").value);
    if (wanted.delete(at)) refused.add(at); else if (!refused.delete(at)) wanted.add(at);
    byId("query").value = [...[...wanted].map(one => atlas.symbols[one]), ...[...refused].map(one => `-${atlas.symbols[one]}`)].join(" ");
    filter();
  }
  function choice() {
    return {query: atlas.parsed(byId("query").value), isNew: byId("only-new").checked, isAllowed: byId("only-allowed").checked, dmax: Number(byId("least-dmax").value), chance: Number(byId("least-chance")?.value ?? 0) / 100};
  }
  function recolour() { matrix.colour(atlas.bestOfPairs(choice(), state.measure())); }
  function filter() {
    const wanted = choice(), size = Number(byId("size").value), trusted = byId("only-trusted").checked, rows = [], c = atlas.columns;
    for (let at = 0; at < atlas.n; at++) if ((!trusted || c.is_trusted[at]) && (!size || c.members[at].length === size) && atlas.passes(at, wanted)) rows.push(at);
    const {query} = wanted;
    byId("found").textContent = query.unknown.length ? `${query.unknown.join(", ")}: no element of this atlas.` : `${rows.length.toLocaleString("en")} systems pass.`;
    buttons.forEach((button, at) => {
      const how = query.wanted.has(at) ? "wanted" : query.refused.has(at) ? "refused" : "";
      button.className = how;
      button.setAttribute("aria-label", `${atlas.symbols[at]}${how && `, ${how}`}`);
    });
    list.show(rows);
    recolour();
  }
  function view() {
    const one = byId("view").value === "partners";
    byId("scroller").hidden = one; byId("partners").hidden = !one; byId("of-label").hidden = !one;
  }
  if (matchMedia("(max-width: 40rem)").matches) byId("view").value = "partners";
  byId("filters").addEventListener("submit", event => event.preventDefault());
  let soon = 0;
  byId("filters").addEventListener("input", () => { cancelAnimationFrame(soon); soon = requestAnimationFrame(filter); });
  byId("view").addEventListener("change", view);
  byId("of").addEventListener("change", () => matrix.fillTiles());
  byId("measure").addEventListener("change", recolour);
  byId("order").addEventListener("change", () => { matrix.arrange(); recolour(); });
  const named = () => atlas.row.get(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", () => { if (named() != null) open(named(), document.body); });
  view(); matrix.arrange(); filter();
  const first = named() ?? list.rows[0];
  if (first != null && (card.wide.matches || named() != null)) card.show(first, null);
  document.body.dataset.ready = "yes";
  performance.mark("atlas-ready");
})();
