"use strict";
// The list of the systems that pass, a page at a time, in the order of any column.
const ROWS_OF_PAGE = 50;
class List {
  constructor(atlas, open) {
    Object.assign(this, {atlas, open, table: document.getElementById("list"), nav: document.getElementById("pages"), page: 0, rows: [], by: "rank", falls: false});
    const c = atlas.columns, there = name => c[name].some(value => value != null);
    const mm = name => at => inMm(c[name][at]), fixed = (name, digits) => at => c[name][at]?.toFixed(digits) ?? "", trusted = words => at => c.is_trusted[at] ? words(at) : "";
    this.columns = [
      ["rank", "rank", at => c.rank[at].toLocaleString("en")], ["system", "system"], ["formula", "best composition", at => c.formula[at]],
      atlas.hasChances ? ["chance_bulk", "chance of a bulk glass", at => c.is_trusted[at] ? inPercent(c.chance_bulk[at]) : TOO_FAR] : ["score", "score", at => c.is_trusted[at] ? fixed("score", 2)(at) : TOO_FAR],
      ["dmax_mm", "expected D_max (mm)", trusted(mm("dmax_mm"))],
      ["interval_low_mm", "interval (mm)", trusted(at => c.interval_low_mm[at] == null ? "" : `${c.interval_low_mm[at].toFixed(2)} to ${c.interval_high_mm[at].toFixed(2)}`)],
      ["probability_bulk", "bulk glass there", trusted(at => inPercent(c.probability_bulk[at]))], ["extent", "extent", trusted(at => inPercent(c.extent[at]))],
      ["gain_over_faces_mm", "gain over faces (mm)", trusted(fixed("gain_over_faces_mm", 2))], ["nearest_at_pct", "nearest known (at.%)", fixed("nearest_at_pct", 1)],
      ["n_known", "known alloys", at => String(c.n_known[at])], ["best_known_mm", "best known (mm)", mm("best_known_mm")], ["best_cast_mm", "best own cast (mm)", mm("best_cast_mm")],
      ["n_regions", "regions", at => String(c.n_regions[at])], ["price_per_kg", "price per kg", fixed("price_per_kg", 2)], ["density_g_cm3", "density (g/cm³)", fixed("density_g_cm3", 2)], ["liquidus_kelvin", "liquidus (K)", fixed("liquidus_kelvin", 0)],
    ].filter(([name]) => there(name));
    this.table.tHead.rows[0].replaceChildren(...this.columns.map(([name, title]) => made("th", {scope: "col", "data-name": name}, made("button", {type: "button", onclick: () => this.sort(name)}, title))));
    this.sort("rank");
  }
  sort(name) {
    this.falls = name === this.by ? !this.falls : !["rank", "system", "formula", "price_per_kg", "density_g_cm3", "liquidus_kelvin", "nearest_at_pct"].includes(name);
    if (name === "rank" && this.by !== "rank") this.falls = false;
    if (!this.rows.length) this.falls = false;
    this.by = name;
    for (const head of this.table.tHead.rows[0].cells) {
      const is = head.dataset.name === name;
      if (is) head.setAttribute("aria-sort", this.falls ? "descending" : "ascending"); else head.removeAttribute("aria-sort");
      head.firstChild.textContent = this.columns.find(([one]) => one === head.dataset.name)[1] + (is ? this.falls ? " ↓" : " ↑" : "");
    }
    this.show(this.rows);
  }
  // Empty values come last, whatever the order.
  show(rows) {
    const values = this.atlas.columns[this.by], sign = this.falls ? -1 : 1;
    this.rows = [...rows].sort((a, b) => (values[a] == null) - (values[b] == null) || (values[a] < values[b] ? -sign : values[a] > values[b] ? sign : a - b));
    this.turn(0);
  }
  turn(page) {
    const {atlas, rows} = this, last = Math.max(0, Math.ceil(rows.length / ROWS_OF_PAGE) - 1), from = page * ROWS_OF_PAGE;
    this.page = page;
    this.table.tBodies[0].replaceChildren(...rows.slice(from, from + ROWS_OF_PAGE).map(at => {
      const name = made("button", {type: "button"}, atlas.columns.system[at]);
      return made("tr", {onclick: () => this.open(at, name)}, ...this.columns.map(([column, , words]) => column === "system" ? made("td", {}, name) : made("td", {class: column === "formula" ? "" : "number"}, words(at))));
    }));
    const go = (words, to, off) => made("button", {type: "button", disabled: off, onclick: () => this.turn(to)}, words);
    this.nav.replaceChildren(go("First", 0, page === 0), go("Previous", page - 1, page === 0), made("span", {}, rows.length ? `${(from + 1).toLocaleString("en")} to ${Math.min(from + ROWS_OF_PAGE, rows.length).toLocaleString("en")} of ${rows.length.toLocaleString("en")}` : "No system passes the filters."),
      go("Next", page + 1, page >= last), go("Last", last, page >= last));
  }
}
