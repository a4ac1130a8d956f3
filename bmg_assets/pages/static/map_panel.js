"use strict";
// What is told beside a map: the chosen composition, and those that are kept. Addresses lead into the application that
// serves the page; a saved file has none.
class MapPanel {
  static most = 4;
  constructor(map, marked) {
    Object.assign(this, {map, marked, kept: [], chosen: null, shown: null});
    this.place = document.getElementById("map-point");
    this.list = document.getElementById("map-kept");
    const {root, system} = document.getElementById("map-panel").dataset;
    this.isServed = ["http:", "https:"].includes(location.protocol);
    this.to = (path, query) => `${root}${path}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
    Object.assign(this, {root, system});
  }
  // What a diagram reports of pointer and keys.
  hears() { return {hover: point => this.show(point, false), choose: point => this.show(point, true), keep: point => this.keep(point), chosen: () => this.chosen}; }
  formula(point) { return this.map.elements.map((name, place) => point[place] > 1e-9 ? name + Number(point[place].toFixed(2)) : "").join(""); }
  // The row of the point of the grid nearest to a composition; -1 where the map has none.
  row(point) {
    const {step, at, elements} = this.map, k = elements.length;
    this.rows ??= new Map(Array.from({length: at.length / k}, (_, row) => [at.slice(k * row, k * row + k).map(amount => amount / step).join(), row]));
    const whole = point.map(amount => Math.round(amount / step)), off = Math.round(100 / step) - whole.reduce((sum, one) => sum + one, 0);
    const away = point.map((amount, place) => (amount / step - whole[place]) * Math.sign(off));
    for (let one = 0; one < Math.abs(off); one++) { const most = away.indexOf(Math.max(...away)); whole[most] += Math.sign(off); away[most] -= 1; }
    return this.rows.get(whole.join()) ?? -1;
  }
  lines(point) {
    const {at, beyond, columns, elements, lines, nearest, symbols} = this.map, row = this.row(point), isFar = beyond.has(row), told = [];
    const reported = symbols.flatMap(({at: alloys, words}) => alloys.map((amounts, one) => [amounts, words[one]]))
      .filter(([amounts]) => amounts.every((amount, place) => Math.abs(amount - point[place]) < 0.05)).map(([, words]) => ["here", words]);
    if (row < 0) return [...reported, ["prediction", "none: the map has only compositions that hold every element"]];
    const nearby = at.slice(elements.length * row, elements.length * (row + 1));
    // A reported alloy may lie between the points of the map.
    if (nearby.some((amount, place) => Math.abs(amount - point[place]) > 0.05)) told.push(["point of the map", this.formula(nearby)]);
    if (isFar) told.push(["prediction", TOO_FAR]);
    for (const {title, words} of isFar ? [] : lines) {
      const numbers = [...words.matchAll(/\{(\d+)%?\}/g)].map(([, column]) => columns[column][row]);
      if (numbers.every(value => value != null)) told.push([title, words.replace(/\{(\d+)(%?)\}/g, (_, column, isChance) => isChance ? inPercent(columns[column][row] / 100) : String(columns[column][row]))]);
    }
    return [...reported, ...told, ["nearest known", nearest.words[nearest.of[row]]]];
  }
  // `isLasting`: the composition stays when the pointer leaves the map.
  show(point, isLasting) {
    // The pointer wanders within a hexagon: nothing new is to be told.
    if (!isLasting && this.formula(point ?? this.chosen) === this.formula(this.shown)) return;
    if (isLasting) this.chosen = point;
    this.shown = point ?? this.chosen;
    this.fill();
  }
  keep(point) {
    const name = this.formula(point), others = this.kept.filter(one => this.formula(one) !== name);
    this.kept = others.length < this.kept.length ? others : [...others, point].slice(-MapPanel.most);
    this.show(point, true);
  }
  fill() {
    const point = this.shown, name = this.formula(point), isKept = this.kept.some(one => this.formula(one) === name);
    const parts = this.lines(point).flatMap(([title, words]) => [made("dt", {}, title), made("dd", {}, words)]);
    this.place.replaceChildren(made("h3", {}, name), made("dl", {}, ...parts));
    // The buttons act on the composition that stays, so they are the same while the pointer wanders.
    const one = this.chosen, its = this.formula(one), link = (words, address) => made("a", {href: address}, words);
    const keep = made("button", {type: "button", onclick: () => { this.keep(one); this.list.querySelector("button")?.focus(); }}, this.kept.some(kept => this.formula(kept) === its) ? `Let go of ${its}` : `Keep ${its}`);
    const links = this.isServed ? [link("report", this.to("report", [["alloy", its], ["system", this.system]])), link("compare", this.to("compare", [["alloy", its]])), link("sheet", this.to(`systems/${this.system}/sheet`, [["alloy", its]])), link("system", `${this.root}systems/${this.system}`)] : [];
    const rows = this.kept.map(kept => made("li", {}, made("button", {type: "button", onclick: () => this.show(kept, true)}, this.formula(kept)), ` ${this.first(kept)}`));
    const together = this.isServed && this.kept.length > 1 ? [made("p", {}, link("compare those kept", this.to("compare", this.kept.map(kept => ["alloy", this.formula(kept)]))))] : [];
    this.list.replaceChildren(made("p", {class: "links"}, keep, ...links), ...(rows.length ? [made("p", {}, "Kept:"), made("ol", {}, ...rows)] : []), ...together);
    this.marked([...this.kept.map((kept, number) => ({point: kept, words: String(number + 1)})), ...(isKept ? [] : [{point, words: ""}])]);
  }
  // The prediction in the colours of the map, short.
  first(point) {
    const row = this.row(point), {values, scale} = this.map.shade, value = row < 0 || this.map.beyond.has(row) ? null : values[row];
    return value == null ? "" : scale.unit === "%" ? inPercent(value / 100) : `${value} ${scale.unit}`;
  }
}
