"use strict";
// The card of a system: what is expected of it, its map, and how it becomes a target.
class Card {
  constructor(atlas, pages) {
    Object.assign(this, {atlas, pages, place: document.getElementById("card"), wide: matchMedia("(min-width: 60rem)")});
    this.place.addEventListener("keydown", event => { if (event.key === "Escape" && !this.place.matches(":modal")) this.close(); });
    this.place.addEventListener("close", () => this.back?.focus());
    this.wide.addEventListener("change", () => { if (this.place.open) this.show(this.at, null); });
  }
  close() { if (this.place.open) this.place.close(); }
  // `back` is what gets the focus afterwards; without it the focus stays where it is.
  show(at, back) {
    this.at = at;
    this.fill(at);
    if (this.place.open) { this.back = null; this.place.removeAttribute("open"); this.place.close(); }
    this.back = back;
    if (this.wide.matches || !back) this.place.setAttribute("open", ""); else this.place.showModal();
    this.place.scrollTop = 0;
    if (back) this.place.querySelector("h3").focus({preventScroll: this.place.matches(":modal")});
    history.replaceState(null, "", `#${this.atlas.columns.system[at]}`);
  }
  fill(at) {
    const c = this.atlas.columns, trusted = c.is_trusted[at], name = c.system[at], atlas = this.atlas;
    const badges = [[c.is_new[at], "new"], [c.is_registered[at], "a target already"], [c.is_cast[at], "cast already"], [c.excluded[at], `not cast here: ${c.excluded[at]}`], [!trusted, TOO_FAR]];
    const figure = (words, value, note) => made("div", {}, made("span", {}, words), made("strong", {}, value), made("span", {}, note));
    const number = (value, unit, digits = 1) => value == null ? null : `${value.toLocaleString("en", {maximumFractionDigits: digits})} ${unit}`;
    const facts = [
      ["best composition", c.formula[at]], ["bulk glass there", trusted ? inPercent(c.probability_bulk[at]) : null],
      ["extent", trusted && c.extent[at] != null ? `${inPercent(c.extent[at])} of the compositions` : null], ["regions", c.n_regions[at]],
      ["nearest known", `${c.nearest_at_pct[at]} at.% away`],
      ["known alloys", c.n_known[at] ? `${c.n_known[at]}, best ${c.best_known[at]}${c.best_known_mm[at] == null ? "" : ` with ${c.best_known_mm[at]} mm`}` : "none reported"],
      ["own casts", c.is_cast[at] ? c.best_cast_mm[at] == null ? "yes, without a label" : `best ${c.best_cast_mm[at]} mm` : "none"],
      ["gain over faces", c.gain_over_faces_mm[at] == null ? null : `${inMm(c.dmax_mm[at])} mm, less ${inMm(c.face_dmax_mm[at])} mm of ${c.best_face[at]} with a trace of the fourth element: ${c.gain_over_faces_mm[at].toFixed(2)} mm`],
      ["price of metals", number(c.price_per_kg[at], "per kg", 2)], ["density", number(c.density_g_cm3[at], "g/cm³", 2)], ["liquidus, estimated", number(c.liquidus_kelvin[at], "K", 0)],
    ].filter(([, words]) => words != null && words !== "");
    this.place.replaceChildren(
      made("header", {}, made("h3", {id: "card-title", tabindex: -1}, name), made("button", {type: "button", "aria-label": "Close the card", onclick: () => this.close()}, "×")),
      made("div", {}, ...badges.filter(([is]) => is).map(([, words]) => made("span", {class: "badge"}, words))),
      trusted ? made("div", {class: "figures"},
        atlas.hasChances ? figure("chance that it holds a bulk glass", inPercent(c.chance_bulk[at]), "1 mm or more, at all") : figure("score", atlas.shown(at, "score"), "not calibrated: no chance"),
        figure("expected D_max", `${inMm(c.dmax_mm[at])} mm`, atlas.interval(at)))
        : made("p", {class: "warning"}, "Nothing alike is known, so numbers of this system would have no ground."),
      this.map(at),
      made("dl", {}, ...facts.flatMap(([title, words]) => [made("dt", {}, title), made("dd", {}, String(words))])),
      this.target(at));
  }
  target(at) {
    const c = this.atlas.columns, name = c.system[at], page = this.pages[name];
    if (page) return made("p", {}, made("a", {href: page}, "What to cast next in it"));
    if (c.is_registered[at]) return made("p", {}, "It is a target system already; bmg list shows its state.");
    const elements = name.split("-"), amounts = new Map(elements.map((one, i) => [one, c.at_pct[at][i]]));
    // As `bmg atlas --add` writes keys: by falling amount.
    const command = `bmg add ${elements.sort((a, b) => amounts.get(b) - amounts.get(a) || (a < b ? -1 : 1)).join("-")}`;
    const code = made("code", {}, command), said = made("span", {role: "status"});
    const copy = async () => {
      try { await navigator.clipboard.writeText(command); said.textContent = "copied"; }
      catch {
        getSelection().selectAllChildren(code);
        said.textContent = document.execCommand("copy") ? "copied" : "selected: copy it with Ctrl+C";
      }
    };
    return made("div", {}, made("p", {}, "Add as target, in a terminal:"), made("div", {class: "copy"}, code, made("button", {type: "button", onclick: copy}, "Copy"), said));
  }
  map(at) {
    const {atlas} = this, c = atlas.columns, which = atlas.mapAt[at];
    if (which < 0 || c.members[at].length !== 3) return "";
    const figure = made("figure", {});
    (atlas.maps ??= unpacked("atlas-maps").then(one => one.arrayBuffer())).then(buffer => {
      const n = atlas.grid.length, levels = new Uint8Array(buffer, which * n, n), top = c.map_top_mm[at], elements = c.system[at].split("-");
      const xy = ([a, , right]) => [right + a / 2, (100 - a) * 0.866], radius = atlas.step / Math.sqrt(3) * 1.02;
      const corners = (x, y) => Array.from({length: 6}, (_, i) => [x + radius * Math.sin(i * Math.PI / 3), y + radius * Math.cos(i * Math.PI / 3)].map(v => v.toFixed(2)).join()).join(" ");
      const said = made("output", {class: "note"}, "Point at the map to read it."), last = atlas.colours.length - 1;
      const hexes = atlas.grid.flatMap((point, i) => levels[i] > last ? [] : [made("polygon", {points: corners(...xy(point)), fill: atlas.colours[levels[i]],
        onpointerenter: () => { said.textContent = `${elements.map((one, k) => one + point[k]).join("")}: about ${inMm(levels[i] / last * top)} mm`; }})]);
      const star = (x, y) => "M" + Array.from({length: 10}, (_, i) => { const r = i % 2 ? 1.7 : 4; return `${(x + r * Math.sin(i * Math.PI / 5)).toFixed(2)} ${(y - r * Math.cos(i * Math.PI / 5)).toFixed(2)}`; }).join("L") + "Z";
      const known = new Map([...c.best_known[at].matchAll(/([A-Z][a-z]?)([\d.]+)/g)].map(([, one, amount]) => [one, Number(amount)]));
      const [kx, ky] = xy(elements.map(one => known.get(one) ?? 0));
      const svg = made("svg", {viewBox: "-10 -9 120 104", role: "img", "aria-label": `Map of the expected D_max of ${c.system[at]}, 0 to ${top} mm; best at ${c.formula[at]}`},
        made("path", {d: "M50 0L0 86.6L100 86.6Z", fill: "none", stroke: "currentColor", "stroke-width": .4}), ...hexes,
        made("text", {x: 50, y: -2}, elements[0]), made("text", {x: -4, y: 92}, elements[1]), made("text", {x: 104, y: 92}, elements[2]),
        known.size ? made("circle", {cx: kx, cy: ky, r: 1.9, fill: "#fff", stroke: "#000", "stroke-width": .6}) : "",
        made("path", {d: star(...xy(c.at_pct[at])), fill: "#d55e00", stroke: "#000", "stroke-width": .5}));
      figure.append(svg, made("div", {class: "legend"}, "0", made("span", {class: "bar", style: `background:linear-gradient(90deg,${atlas.colours.join()})`}), `${top} mm`),
        made("figcaption", {}, `Expected D_max at every ${atlas.step} at.%. ★ best composition${known.size ? "; ○ best known alloy" : ""}. `, said));
    });
    return figure;
  }
}
