"use strict";
// Elements by elements: each cell the best ternary of a pair. And the same for one element, as tiles.
class Matrix {
  constructor(atlas, open, state) {
    Object.assign(this, {atlas, open, state, grid: document.getElementById("matrix"), tiles: document.getElementById("partners"), hint: document.getElementById("hint"), at: [0, 1]});
    this.grid.style.setProperty("--n", atlas.symbols.length);
    this.grid.addEventListener("keydown", event => this.move(event));
    this.grid.addEventListener("click", event => { const cell = event.target.closest("[role=gridcell]"); if (cell) { this.enter(cell); this.choose(cell); } });
    this.grid.addEventListener("pointerover", event => { if (event.pointerType !== "touch") this.tell(event.target.closest("[role=gridcell]")); });
    this.grid.addEventListener("pointerleave", () => this.tell(null));
    this.grid.addEventListener("focusin", event => this.tell(event.target));
    this.grid.addEventListener("focusout", () => this.tell(null));
  }
  arrange() {
    const {symbols} = this.atlas, order = this.order = this.atlas.orders[this.state.order()];
    const head = made("div", {role: "row"}, made("span", {role: "presentation"}), ...order.map(one => made("span", {role: "columnheader"}, symbols[one])));
    this.cells = order.map((a, row) => order.map((b, column) => made("div", {role: "gridcell", tabindex: -1, "data-row": row, "data-column": column})));
    this.grid.replaceChildren(head, ...this.cells.map((cells, row) => made("div", {role: "row"}, made("span", {role: "rowheader"}, symbols[order[row]]), ...cells)));
    this.cells[this.at[0]][this.at[1]].tabIndex = 0;
  }
  colour(best) {
    this.best = best;
    const {atlas, order} = this, measure = this.state.measure(), n = order.length;
    this.cells.forEach((cells, row) => cells.forEach((cell, column) => {
      const at = best[order[row] * n + order[column]];
      cell.className = at >= 0 && !atlas.columns.is_trusted[at] ? "hatched" : "";
      cell.style.background = at < 0 || cell.className ? "" : atlas.colour(atlas.columns[measure][at], measure);
      cell.setAttribute("aria-label", this.label(order[row], order[column], at));
    }));
    this.fillTiles();
    const ends = atlas.scales[measure], unit = {chance_bulk: v => `${Math.round(100 * v)} %`, dmax_mm: v => `${v} mm`, score: v => v.toFixed(2)}[measure];
    document.getElementById("matrix-legend").replaceChildren(unit(ends[0]), made("span", {class: "bar", style: `background:linear-gradient(90deg,${atlas.colours.join()})`}), unit(ends[1]),
      made("span", {class: "swatch hatched"}), TOO_FAR);
  }
  label(a, b, at) {
    const {symbols, columns} = this.atlas, pair = a === b ? symbols[a] : `${symbols[a]} and ${symbols[b]}`;
    if (at < 0) return `${pair}: no system passes`;
    const rest = columns.members[at].filter(one => one !== a && one !== b).map(one => symbols[one]).join(" and ");
    return `${pair}, best with ${rest}: ${this.atlas.inWords(at)}`;
  }
  tell(cell) {
    this.grid.querySelectorAll(".on").forEach(one => one.classList.remove("on"));
    this.hint.hidden = !cell;
    if (!cell?.dataset.row) { this.hint.hidden = true; return; }
    this.hint.textContent = cell.getAttribute("aria-label").replace(": ", "\n");
    const box = cell.getBoundingClientRect(), right = box.right + 280 > innerWidth;
    Object.assign(this.hint.style, {top: `${Math.min(box.bottom + 6, innerHeight - 90)}px`, left: right ? "auto" : `${box.right + 6}px`, right: right ? `${innerWidth - box.left + 6}px` : "auto"});
    this.grid.children[0].children[Number(cell.dataset.column) + 1].classList.add("on");
    cell.parentElement.firstElementChild.classList.add("on");
  }
  enter(cell) {
    this.cells[this.at[0]][this.at[1]].tabIndex = -1;
    this.at = [Number(cell.dataset.row), Number(cell.dataset.column)];
    cell.tabIndex = 0;
    cell.focus();
  }
  choose(cell) {
    const at = this.best[this.order[this.at[0]] * this.order.length + this.order[this.at[1]]];
    if (at >= 0) this.open(at, cell);
  }
  move(event) {
    const [row, column] = this.at, last = this.order.length - 1;
    const to = {ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], PageUp: [row - 10, column], PageDown: [row + 10, column],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? last : row, last]}[event.key];
    if (to) this.enter(this.cells[Math.min(last, Math.max(0, to[0]))][Math.min(last, Math.max(0, to[1]))]);
    else if (event.key === "Enter" || event.key === " ") this.choose(this.cells[row][column]);
    else return;
    event.preventDefault();
  }
  fillTiles() {
    const {atlas} = this, {symbols, columns} = atlas, n = symbols.length, a = this.state.of(), measure = this.state.measure();
    const found = symbols.map((_, b) => [b, this.best[a * n + b]]).filter(([b, at]) => b !== a && at >= 0)
      .sort(([, x], [, y]) => columns.is_trusted[y] - columns.is_trusted[x] || columns[measure][y] - columns[measure][x]);
    this.tiles.replaceChildren(...found.map(([b, at]) => {
      const colour = atlas.colour(columns[measure][at], measure), trusted = columns.is_trusted[at];
      const light = [1, 3, 5].reduce((sum, i, k) => sum + (parseInt(colour.slice(i, i + 2), 16) / 255) ** 2.2 * [.2126, .7152, .0722][k], 0) > 0.18;
      const third = columns.members[at].filter(one => one !== a && one !== b).map(one => symbols[one]).join();
      const tile = made("button", {type: "button", class: trusted ? "" : "hatched", style: trusted ? `background:${colour};color:${light ? "#000" : "#fff"}` : "", "aria-label": this.label(a, b, at)},
        made("span", {}, made("b", {}, symbols[b]), made("small", {}, trusted ? `+ ${third} ${atlas.shown(at, measure).replace("more than", ">").replace("less than", "<")}` : "no ground")));
      tile.addEventListener("click", () => this.open(at, tile));
      return tile;
    }));
    if (!found.length) this.tiles.append("No system passes.");
  }
}
