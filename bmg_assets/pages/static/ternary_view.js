"use strict";
// A ternary diagram: hexagons as a picture in the pixels of the screen, at every zoom, below the symbols that Plotly draws.
// A scene: names, sum and step of its points, their values, what stands on top, and for each point and symbol the whole
// composition that it stands for (in a slice of four elements the point has three amounts, the composition four).
class TernaryView {
  static half = Math.sqrt(3) / 2;
  // `hears.hover` gets the composition at the pointer, or null; `hears.choose` and `hears.keep` that of a key or click.
  constructor(place, name, hears) {
    Object.assign(this, {place, name, hears});
    this.plot = made("div", {class: "plot"});
    this.over = made("svg", {class: "over", "aria-hidden": "true"});
    place.append(this.plot, this.over);
    this.mins = [0, 0, 0];
    let down = null;
    place.addEventListener("pointermove", event => { if (event.pointerType === "mouse") hears.hover(this.found(event)); });
    place.addEventListener("keydown", event => this.pressed(event));
    place.before(this.buttons());
    place.addEventListener("pointerleave", () => hears.hover(null));
    place.addEventListener("pointerdown", event => { down = event.target.closest(".legend, .modebar") ? null : [event.clientX, event.clientY]; });
    // Plotly covers the page while a button is down, so the place itself does not hear that it is let go.
    document.addEventListener("pointerup", event => {
      const isClick = down && Math.hypot(event.clientX - down[0], event.clientY - down[1]) < 5;
      down = null;
      const found = isClick && this.found(event);
      if (found) hears.keep(found);
    });
  }
  get span() { return this.scene.sum - this.mins[0] - this.mins[1] - this.mins[2]; }
  get zoom() { return this.scene.sum / this.span; }
  // Where a composition stands, in pixels of the plot.
  xy(point) {
    const [top, , right] = point.map((amount, place) => (amount - this.mins[place]) / this.span);
    return [this.margin.l + this.side * (right + top / 2), this.margin.t + this.high * (1 - top)];
  }
  // The composition at a place of the plot, whatever lies there.
  at(x, y) {
    const top = 1 - (y - this.margin.t) / this.high, right = (x - this.margin.l) / this.side - top / 2;
    return [top, 1 - top - right, right].map((share, place) => this.mins[place] + this.span * share);
  }
  // Number of the point whose hexagon holds a composition, or -1.
  cell(point) {
    const {sum, step} = this.scene, parts = point.map(amount => amount / step), whole = parts.map(Math.round);
    const off = Math.round(sum / step) - whole[0] - whole[1] - whole[2];
    if (off) {
      const away = parts.map((part, place) => Math.abs(part - whole[place]));
      whole[away.indexOf(Math.max(...away))] += off;
    }
    return this.cells.get(whole.join()) ?? -1;
  }
  // The composition at the pointer: that of a symbol, or of the hexagon of a point; null outside of both.
  found({clientX, clientY}) {
    if (!this.scene) return null;
    const box = this.plot.getBoundingClientRect(), x = clientX - box.left, y = clientY - box.top, near = isCoarse.matches ? 16 : 8;
    let best = null, least = near * Math.min(2, Math.max(1, Math.sqrt(this.zoom)));
    for (const symbols of this.scene.symbols) symbols.points.forEach((point, one) => {
      const [sx, sy] = this.xy(point), away = Math.hypot(sx - x, sy - y);
      if (away <= least && this.isInside(point)) [best, least] = [symbols.wholes[one], away];
    });
    if (best) return best;
    const point = this.at(x, y), cell = this.isInside(point) ? this.cell(point) : -1;
    return cell < 0 ? null : this.scene.wholes[cell];
  }
  isInside(point) { return point.every((amount, place) => amount >= this.mins[place] - 1e-9); }

  show(scene) {
    if (this.scene && (this.scene.sum !== scene.sum || this.scene.names.join() !== scene.names.join())) this.mins = [0, 0, 0];
    this.scene = {inside: point => point, wholes: scene.points, ...scene};
    this.cells = new Map(scene.points.map((point, one) => [point.map(amount => Math.round(amount / scene.step)).join(), one]));
    return this.draw();
  }
  measure() {
    const width = this.place.clientWidth, isNarrow = width < 560, legend = 20 * (this.scene.symbols.length + 2) + 12;
    this.isNarrow = isNarrow;
    const lines = isNarrow ? this.scene.restsOn.split("; ").length : 1;
    this.below = (isNarrow ? legend : 2) + 12 * lines;
    this.margin = isNarrow ? {l: 42, r: 42, t: 44, b: 56 + this.below} : {l: 58, r: 58, t: 46, b: 70};
    const room = Math.max(320, innerHeight * 0.94) - this.margin.t - (isNarrow ? 60 : this.margin.b);
    this.side = Math.round(Math.min(width - this.margin.l - this.margin.r, room / TernaryView.half));
    this.high = Math.round(this.side * TernaryView.half);
    const rest = width - this.side - this.margin.l - this.margin.r;
    this.margin.l += Math.floor(rest / 2);
    this.margin.r += Math.ceil(rest / 2);
  }
  async draw() {
    this.measure();
    const {names, sum, unit} = this.scene, look = theme(), {margin, isNarrow} = this, width = this.side + margin.l + margin.r, height = this.high + margin.t + margin.b;
    const axis = {ticks: "outside", nticks: 6, gridcolor: "rgba(255,255,255,.4)", linecolor: look.line, tickcolor: look.line, tickfont: {size: isNarrow ? 10 : 12}};
    const axes = names.map((element, place) => [`${"abc"[place]}axis`, {...axis, min: this.mins[place], title: {text: isNarrow ? element : element + unit}}]);
    const legend = isNarrow ? {x: 0, xref: "container", xanchor: "left", y: 0, yref: "container", yanchor: "bottom"} : {x: 0, xref: "container", xanchor: "left", y: 1, yref: "container", yanchor: "top"};
    const layout = {
      width, height, margin: {...margin, autoexpand: false}, hovermode: false, dragmode: isCoarse.matches ? false : "zoom",
      paper_bgcolor: look.page, font: {color: look.text, family: "system-ui, sans-serif"}, images: [this.image()],
      ternary: {sum, bgcolor: "rgba(0,0,0,0)", ...Object.fromEntries(axes)},
      legend: {...legend, bgcolor: look.legend, font: {color: "white", size: isNarrow ? 11 : 12}, itemsizing: "constant", tracegroupgap: 0},
      title: {text: this.scene.restsOn.replaceAll("; ", isNarrow ? "<br>" : "; "), font: {size: 10, color: look.soft}, x: 0, xref: "container", y: this.below / height, yref: "container", yanchor: "top"},
      modebar: {bgcolor: "rgba(0,0,0,0)", color: look.soft, activecolor: look.text},
    };
    await Plotly.react(this.plot, this.traces(look), layout, quiet(this.name, ["zoom2d", "pan2d"]));
    this.over.setAttribute("viewBox", `0 0 ${width} ${height}`);
    Object.assign(this.over.style, {width: `${width}px`, height: `${height}px`});
    this.listen();
    this.drawMarks();
  }
  listen() {
    if (this.isListening) return;
    this.isListening = true;
    const follow = event => {
      const mins = [..."abc"].map(name => event[`ternary.${name}axis.min`]);
      if (mins.some(one => one === undefined)) return false;
      this.mins = mins.map(one => Math.max(0, one));
      return true;
    };
    this.plot.on("plotly_relayouting", event => {
      if (!follow(event)) return;
      this.plot.querySelector(".imagelayer image")?.setAttribute("href", this.raster(0.5));
      this.drawMarks();
    });
    this.plot.on("plotly_relayout", event => { if (follow(event)) this.draw(); });
    // A double click asks for the first view; that of Plotly is the one it was made with.
    this.plot.on("plotly_doubleclick", () => this.whole());
    this.plot.on("plotly_restyle", () => Plotly.relayout(this.plot, {images: [this.image()]}));
  }
  traces(look) {
    const {scale, symbols, topTitle, isBeyond} = this.scene, factor = (this.isNarrow ? 0.75 : 1) * Math.min(2, Math.sqrt(this.zoom));
    const nowhere = {type: "scatterternary", mode: "markers", a: [null], b: [null], c: [null]};
    const middle = this.scene.sum / 3;
    const bar = {thickness: this.isNarrow ? 10 : 14, len: 0.42, x: this.isNarrow ? 1.02 : 1, xanchor: "right", y: 1, yanchor: "top", title: {text: scale.unit}, outlinewidth: 0, tickfont: {size: this.isNarrow ? 10 : 12}};
    const traces = [{...nowhere, a: [middle], b: [middle], c: [middle], opacity: 0, showlegend: false,
      marker: {size: 1, color: [scale.low], cmin: scale.low, cmax: scale.high, showscale: true, colorbar: bar, colorscale: this.scene.colours.map((colour, place, all) => [place / (all.length - 1), colour])}}];
    if (isBeyond.size) traces.push({...nowhere, name: "too little is known here", meta: "beyond", marker: {symbol: "line-ne", size: 9, line: {width: 1.5, color: "#d9d9d9"}}});
    if (topTitle) traces.push({...nowhere, name: `edge of the ${topTitle}`, meta: "top", marker: {symbol: "line-ew", size: 12, line: {width: 3, color: "white"}}});
    for (const {name, points, marker} of symbols) {
      const at = {a: points.map(one => one[0]), b: points.map(one => one[1]), c: points.map(one => one[2])};
      const markers = outlined(marker, factor);
      markers.forEach((one, place) => traces.push({type: "scatterternary", mode: "markers", ...at, name, meta: "symbols", legendgroup: name, showlegend: place === markers.length - 1, cliponaxis: this.zoom > 1, marker: one}));
    }
    return traces;
  }
  image() {
    return {source: this.raster(Math.min(2, devicePixelRatio)), xref: "paper", yref: "paper", x: 0, y: 1, sizex: 1, sizey: 1, xanchor: "left", yanchor: "top", sizing: "stretch", layer: "below"};
  }
  // The hexagons as a picture; what the legend has switched off is not drawn.
  raster(scale) {
    const {points, sum, step, values, colours, isTop, isBeyond} = this.scene, {low, high} = this.scene.scale;
    const width = Math.round(this.side * scale), height = Math.round(this.high * scale), n = Math.round(sum / step), span = this.span, [aMin, , cMin] = this.mins;
    const off = new Set((this.plot.data ?? []).filter(trace => trace.visible === "legendonly").map(trace => trace.meta));
    const packed = colours.map(colour => { const [r, g, b] = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16)); return (0xff000000 | b << 16 | g << 8 | r) >>> 0; });
    const table = new Int32Array((n + 1) * (n + 1)).fill(-1), shade = new Uint32Array(points.length);
    points.forEach(([a, , c], one) => {
      table[Math.round(a / step) * (n + 1) + Math.round(c / step)] = one;
      const share = high > low ? (values[one] - low) / (high - low) : 1;
      shade[one] = values[one] == null ? 0xff999999 : packed[Math.round(Math.min(1, Math.max(0, share)) * (packed.length - 1))];
    });
    const canvas = made("canvas", {width, height}), context = canvas.getContext("2d", {willReadFrequently: true}), image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer), cells = new Int32Array(width * height).fill(-1), hatch = Math.round(9 * scale);
    for (let y = 0; y < height; y++) {
      const top = 1 - (y + 0.5) / height, a = (aMin + span * top) / step, ra = Math.round(a);
      for (let x = Math.max(0, Math.floor(top / 2 * width)); x < width; x++) {
        const right = (x + 0.5) / width - top / 2;
        if (right < 0) continue;
        if (top + right > 1) break;
        const c = (cMin + span * right) / step, b = n - a - c;
        let i = ra, j = Math.round(b), k = Math.round(c);
        const wrong = n - i - j - k;
        if (wrong) {
          const da = Math.abs(a - i), db = Math.abs(b - j), dc = Math.abs(c - k);
          if (da >= db && da >= dc) i += wrong; else if (dc > db) k += wrong;
        }
        if (i < 0 || k < 0 || i > n || k > n) continue;
        const one = table[i * (n + 1) + k];
        if (one < 0) continue;
        cells[y * width + x] = one;
        pixels[y * width + x] = isBeyond.has(one) && !off.has("beyond") && (x + y) % hatch < 1.3 * scale ? 0xffd9d9d9 : shade[one];
      }
    }
    if (!off.has("top")) this.outline(pixels, cells, width, height, isTop, Math.max(1, Math.round(1.2 * scale)));
    context.putImageData(image, 0, 0);
    return canvas.toDataURL();
  }
  // A white line around the top region, with a dark one outside of it, so that it is seen on every colour.
  outline(pixels, cells, width, height, isTop, thick) {
    const top = new Uint8Array(cells.length);
    for (let at = 0; at < cells.length; at++) if (cells[at] >= 0 && isTop.has(cells[at])) top[at] = 1;
    for (let y = thick; y < height - thick; y++) for (let x = thick; x < width - thick; x++) {
      const at = y * width + x, here = top[at];
      if (top[at - thick] !== here || top[at + thick] !== here || top[at - thick * width] !== here || top[at + thick * width] !== here) pixels[at] = here ? 0xffffffff : 0xff222222;
    }
  }
  // Compositions that are marked: what is told of now, and what is kept, with its number.
  mark(marks) {
    this.marks = marks;
    this.drawMarks();
  }
  drawMarks() {
    if (!this.scene) return;
    const radius = Math.max(7, this.side * this.scene.step / this.span / Math.sqrt(3) * 1.15), corners = Array.from({length: 6}, (_, one) => [Math.sin(one * Math.PI / 3), Math.cos(one * Math.PI / 3)]);
    this.over.replaceChildren(...(this.marks ?? []).map(({point, words}) => ({point: point && this.scene.inside(point), words})).filter(({point}) => point && this.isInside(point)).flatMap(({point, words}) => {
      const [x, y] = this.xy(point), points = corners.map(([dx, dy]) => `${(x + radius * dx).toFixed(1)},${(y + radius * dy).toFixed(1)}`).join(" ");
      return [made("polygon", {points, class: "edge"}), made("polygon", {points, class: "mark"}), ...(words ? [made("text", {x: x + radius + 2, y: y - radius}, words)] : [])];
    }));
  }
  // Another part of the diagram: the composition keeps its place, and the amounts shown are `factor` times as wide.
  zoomAt(point, factor) {
    const {sum, step} = this.scene, wanted = Math.min(sum, Math.max(4 * step, this.span * factor));
    return this.view(point.map((amount, place) => amount - (amount - this.mins[place]) * wanted / this.span), wanted);
  }
  // The view moves so that a composition outside of it can be seen.
  follow(point) { return this.isInside(point) ? null : this.view(point.map(amount => amount - this.span / 3), this.span); }
  view(mins, span) {
    const kept = mins.map(one => Math.max(0, one)), all = kept.reduce((whole, one) => whole + one, 0);
    this.mins = kept.map(one => all ? one * (this.scene.sum - span) / all : 0);
    return this.draw();
  }
  whole() {
    this.mins = [0, 0, 0];
    return this.draw();
  }
  // The point one step from another by an arrow key; -1 where the diagram ends.
  beside(cell, key, steps) {
    const {points, step} = this.scene;
    let at = cell;
    for (let one = 0; one < steps; one++) {
      const now = points[at], isEven = Math.round(now[0] / step) % 2 === 0;
      // Straight up lies no point: up goes by turns to the right and to the left, and down goes back.
      const ways = {
        ArrowRight: [[0, -1, 1]], ArrowLeft: [[0, 1, -1]],
        ArrowUp: isEven ? [[1, -1, 0], [1, 0, -1]] : [[1, 0, -1], [1, -1, 0]],
        ArrowDown: isEven ? [[-1, 0, 1], [-1, 1, 0]] : [[-1, 1, 0], [-1, 0, 1]],
      }[key];
      const next = ways.map(way => this.cell(now.map((amount, place) => amount + way[place] * step))).find(found => found >= 0);
      if (next === undefined) break;
      at = next;
    }
    return at;
  }
  buttons() {
    const about = () => this.scene.inside(this.hears.chosen()) ?? [1, 1, 1].map(() => this.scene.sum / 3);
    this.closer = () => this.zoomAt(about(), 0.5);
    this.farther = () => this.zoomAt(about(), 2);
    const button = (words, title, onclick) => made("button", {type: "button", "aria-label": title, title, onclick}, words);
    return made("div", {class: "zooms", role: "group", "aria-label": "Zoom"}, button("+", "Closer", this.closer), button("−", "Farther", this.farther), button("Whole", "The whole map", () => this.whole()));
  }
  pressed(event) {
    if (event.target !== this.place || event.ctrlKey || event.altKey || event.metaKey) return;
    const {points, wholes, inside} = this.scene, {choose, keep, chosen} = this.hears;
    const act = {Enter: () => keep(chosen()), " ": () => keep(chosen()), "+": this.closer, "-": this.farther, Escape: () => this.whole()}[event.key];
    if (act) act();
    else if (event.key === "Home") this.choose(this.highest());
    else if (event.key.startsWith("Arrow")) {
      const here = inside(chosen()) ?? points[this.highest()], cell = this.cell(here), away = one => points[one].reduce((sum, amount, place) => sum + Math.abs(amount - here[place]), 0);
      // From a known alloy at the edge, which is no point of the map, the way leads to the nearest point.
      this.choose(cell >= 0 ? this.beside(cell, event.key, event.shiftKey ? 5 : 1) : wholes.reduce((best, _, one) => away(one) < away(best) ? one : best, 0));
    } else return;
    event.preventDefault();
  }
  choose(cell) {
    this.hears.choose(this.scene.wholes[cell]);
    this.follow(this.scene.points[cell]);
  }
  highest() { return this.scene.values.reduce((best, value, one, all) => value > (all[best] ?? -Infinity) ? one : best, 0); }
}
