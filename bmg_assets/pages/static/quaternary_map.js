(async () => {
  const byId = id => document.getElementById(id), map = JSON.parse(byId("map-data").textContent);
  const shown = byId("shown"), fixed = byId("fixed-element"), slider = byId("fixed-amount"), said = byId("fixed-words");
  const plots = {tetrahedron: byId("tetrahedron"), slice: byId("slice"), projection: byId("projection"), faces: byId("faces")};
  await plotlyUnpacked();
  const n = map.columns[0].length, elements = map.elements, quiet = {displaylogo: false, responsive: false};
  const at = row => map.at.slice(4 * row, 4 * row + 4), isBeyond = new Set(map.beyond);
  const others = one => [0, 1, 2, 3].filter(place => place !== one);
  const formula = amounts => elements.map((name, place) => amounts[place] ? name + Number(amounts[place].toFixed(2)) : "").join("");
  const inMixture = (corners, amounts) => {
    const whole = amounts.reduce((sum, one) => sum + one, 0);
    return corners[0].map((_, axis) => amounts.reduce((sum, one, place) => sum + one * corners[place][axis], 0) / whole);
  };
  const far = "too far from what is known";
  const words = row => {
    const rest = map.columns.slice(0, -2).map((column, place) => [shown.options[order[place]], column[row]]);
    const lines = rest.filter(([option, value]) => value !== null && (!isBeyond.has(row) || option.dataset.unit === "at.%"));
    const [low, high] = map.columns.slice(-2).map(column => column[row]);
    if (low !== null && !isBeyond.has(row)) lines.push([null, `interval ${low} to ${high} mm`]);
    const texts = lines.map(([option, value]) => option ? `${option.text}: ${value} ${option.dataset.unit}` : value);
    return `<b>${formula(at(row))}</b><br>` + (isBeyond.has(row) ? [far] : []).concat(texts).join("<br>");
  };
  const order = Object.fromEntries([...shown.options].map((option, place) => [Number(option.value), place]));
  const column = () => map.columns[Number(shown.value)];
  const scale = () => {
    const {low, high, unit} = shown.selectedOptions[0].dataset;
    return {cmin: Number(low), cmax: Number(high), colorscale: "Viridis",
            colorbar: {title: {text: unit}, len: 0.6, thickness: 12, x: 1.02}};
  };
  const hover = {hovertemplate: "%{hovertext}<extra></extra>"};
  const coloured = (rows, marker) => ({mode: "markers", name: "prediction", showlegend: false, ...hover,
    hovertext: rows.map(words), marker: {line: {width: 0}, ...scale(), color: rows.map(row => column()[row]), ...marker}});
  const veil = (rows, size) => ({mode: "markers", name: "too little is known here", showlegend: rows.length > 0,
    hoverinfo: "skip", marker: {symbol: "line-ne", size, line: {width: 1, color: map.colours.veil}}});
  const label = {align: "left", bgcolor: "white", bordercolor: "#444", font: {color: "#111"}};
  const width = plot => Math.min(plot.clientWidth || 560, 620), narrow = width(plots.slice) < 400, below = narrow ? 190 : 130;
  const base = plot => ({width: width(plot), paper_bgcolor: "white", hoverlabel: label,
    legend: {orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom", itemsizing: "constant", bgcolor: map.colours.legend, font: {color: "white", size: 11}}});
  const margin = {l: 55, r: 75, t: 78, b: 40}, height = plot => (width(plot) - margin.l - margin.r) * 0.866 + margin.t + margin.b;
  const abc = list => ({a: list.map(one => one[0]), b: list.map(one => one[1]), c: list.map(one => one[2])});
  const triangle = (names, sum, unit) => {
    const axis = {min: 0, ticks: "outside", gridcolor: "rgba(255,255,255,.5)", layer: "below traces", tickfont: {size: 10}};
    const axes = names.map((name, place) => [`${"abc"[place]}axis`, {...axis, title: {text: name + unit}}]);
    return {sum, bgcolor: "white", ...Object.fromEntries(axes)};
  };
  const side = plot => width(plot) - margin.l - margin.r;
  // Symbols of the alloys for which `chosen` gives a place; what it gives is in the axes of the trace.
  const symbols = (type, chosen, axes, change = {}) => map.symbols.map(({name, at: alloys, words: texts, marker}) => {
    const kept = alloys.map((amounts, place) => [chosen(amounts), amounts, texts[place]]).filter(([place]) => place);
    return {type, mode: "markers", name: `${name} (${kept.length})`, showlegend: kept.length > 0, ...hover, ...axes(kept.map(([place]) => place)),
      hovertext: kept.map(([, amounts, text]) => `<b>${formula(amounts)}</b><br>${text}`), cliponaxis: false,
      marker: {...marker, ...change, size: marker.size * (change.factor ?? 1) * (narrow ? 0.7 : 1)}};
  });
  const drawSlice = () => {
    const place = Number(fixed.value), level = map.levels[Number(slider.value)], kept = others(place), half = map.step / 2;
    const rows = [];
    for (let row = 0; row < n; row++) if (map.at[4 * row + place] === level) rows.push(row);
    const atLevel = amounts => {
      const nearest = map.levels.reduce((best, one) => Math.abs(one - amounts[place]) < Math.abs(best - amounts[place]) ? one : best);
      const rest = kept.map(one => amounts[one]), sum = rest.reduce((whole, one) => whole + one, 0);
      return nearest === level && sum > 0 ? rest.map(one => one * (100 - level) / sum) : null;
    };
    const size = side(plots.slice) * map.step / (100 - level) * 1.22, points = rows.map(row => kept.map(one => at(row)[one]));
    const beyond = rows.map((row, one) => [row, points[one]]).filter(([row]) => isBeyond.has(row));
    const traces = [{type: "scatterternary", ...abc(points), ...coloured(rows, {symbol: "hexagon", size})},
      {type: "scatterternary", ...abc(beyond.map(([, point]) => point)), ...veil(beyond, Math.min(size, 9))},
      ...symbols("scatterternary", atLevel, abc)];
    said.textContent = `${elements[place]} ${level} at.%`;
    slider.setAttribute("aria-valuetext", said.textContent);
    return Plotly.react(plots.slice, traces, {...base(plots.slice), height: height(plots.slice) + below,
      title: {text: `Slice at ${said.textContent}`, font: {size: 13}}, margin: {...margin, b: margin.b + below},
      ternary: triangle(kept.map(one => elements[one]), 100 - level, " (at.%)")}, quiet);
  };
  const drawProjection = () => {
    const place = Number(fixed.value), kept = others(place), {shares, rows, step} = map.projections[place];
    const points = rows.map((_, one) => shares.slice(3 * one, 3 * one + 3)), size = side(plots.projection) * step / 100 * 1.22;
    const ratios = amounts => {
      const rest = kept.map(one => amounts[one]), sum = rest.reduce((whole, one) => whole + one, 0);
      return sum > 0 ? rest.map(one => 100 * one / sum) : null;
    };
    const beyond = rows.map((row, one) => [row, points[one]]).filter(([row]) => isBeyond.has(row));
    const traces = [{type: "scatterternary", ...abc(points), ...coloured(rows, {symbol: "hexagon", size})},
      {type: "scatterternary", ...abc(beyond.map(([, point]) => point)), ...veil(beyond, Math.min(size, 9))},
      ...symbols("scatterternary", ratios, abc, {factor: 0.7}).map(trace => ({...trace, showlegend: false}))];
    return Plotly.react(plots.projection, traces, {...base(plots.projection), height: height(plots.projection),
      title: {text: `The best of all amounts of ${elements[place]}`, font: {size: 13}}, margin,
      ternary: triangle(kept.map(one => elements[one]), 100, " (%)")}, quiet);
  };
  const drawTetrahedron = () => {
    const corners = map.corners.tetrahedron, xyz = list => ({x: list.map(one => one[0]), y: list.map(one => one[1]), z: list.map(one => one[2])});
    const edges = [0, 1, 2, 0, 3, 1, 2, 3].map(place => corners[place]), middle = inMixture(corners, [1, 1, 1, 1]);
    const beside = corners.map(corner => corner.map((value, axis) => value + 0.09 * (value - middle[axis])));
    const known = {star: "diamond", "triangle-up": "square", x: "circle-open"};
    const traces = [{type: "scatter3d", mode: "lines", ...xyz(edges), hoverinfo: "skip", showlegend: false, line: {color: "#555", width: 3}},
      {type: "scatter3d", mode: "text", ...xyz(beside), text: elements, hoverinfo: "skip", showlegend: false, textfont: {size: 16, color: "#111"}},
      {type: "scatter3d", ...xyz(map.top.map(row => inMixture(corners, at(row)))), ...coloured(map.top, {size: 3.5, opacity: 0.6}),
       name: map.topTitle, showlegend: true}];
    const alloys = symbols("scatter3d", amounts => inMixture(corners, amounts), xyz, {factor: 0.6});
    alloys.forEach(trace => { const symbol = trace.marker.symbol.replace("-open", "");
      trace.marker.symbol = known[symbol] ?? symbol; delete trace.cliponaxis;
      if (trace.marker.color === "white") trace.marker.color = "#9aa3ad"; });
    const axis = {visible: false, showbackground: false};
    return Plotly.react(plots.tetrahedron, traces.concat(alloys), {...base(plots.tetrahedron), height: width(plots.tetrahedron) * 0.85 + below,
      margin: {l: 0, r: 60, t: 10, b: below}, scene: {xaxis: axis, yaxis: axis, zaxis: axis, aspectmode: "data",
      camera: {eye: {x: 0.95, y: -1.5, z: 0.5}, center: {x: 0, y: 0, z: -0.08}}}}, quiet);
  };
  const drawFaces = () => {
    const level = map.levels[0], all = [], places = [];
    const corners = map.corners.faces;
    for (let face = 0; face < 4; face++) for (let row = 0; row < n; row++) if (map.at[4 * row + face] === level) {
      all.push(row);
      places.push(inMixture(corners[face], others(face).map(one => at(row)[one])));
    }
    const xy = list => ({x: list.map(one => one[0]), y: list.map(one => one[1])});
    const outline = corners.flatMap(face => [...face, face[0], [null, null]]), size = (width(plots.faces) - 80) / 2 * map.step / 100 * 1.25;
    const names = corners.flatMap((face, one) => others(one).map((element, place) => [face[place], elements[element]]));
    const single = [...new Map(names.map(([place, name]) => [place.map(one => one.toFixed(3)).join(), [place, name]])).values()];
    const onFaces = map.symbols.map(({name, at: alloys, words: texts, marker}) => {
      const kept = alloys.flatMap((amounts, one) => [0, 1, 2, 3].filter(face => amounts[face] === 0).map(face =>
        [inMixture(corners[face], others(face).map(other => amounts[other])), amounts, texts[one]]));
      return {type: "scatter", mode: "markers", name, showlegend: kept.length > 0, ...hover, ...xy(kept.map(([place]) => place)),
        hovertext: kept.map(([, amounts, text]) => `<b>${formula(amounts)}</b><br>${text}`), marker: {...marker, size: marker.size * 0.8}};
    });
    const beyond = all.map((row, one) => [row, places[one]]).filter(([row]) => isBeyond.has(row));
    const axis = {visible: false, fixedrange: false};
    const traces = [{type: "scatter", ...xy(places), ...coloured(all, {symbol: "hexagon", size})},
      {type: "scatter", ...xy(beyond.map(([, place]) => place)), ...veil(beyond, Math.min(size, 7))},
      {type: "scatter", mode: "lines", ...xy(outline), line: {color: "#222", width: 1.2}, hoverinfo: "skip", showlegend: false},
      {type: "scatter", mode: "text", ...xy(single.map(([[x, y]]) => [x + (x - 1) * 0.12, y + (y - 0.577) * 0.12])), text: single.map(([, name]) => name),
       textfont: {size: 14, color: "#111"}, hoverinfo: "skip", showlegend: false, cliponaxis: false}, ...onFaces];
    return Plotly.react(plots.faces, traces, {...base(plots.faces), height: width(plots.faces) * 0.9 + 50, plot_bgcolor: "white",
      margin: {l: 20, r: 75, t: 10, b: 60},
      xaxis: {...axis, range: [-0.12, 2.12]}, yaxis: {...axis, scaleanchor: "x", range: [-0.15, 1.9]}}, quiet);
  };
  const webgl = document.createElement("canvas").getContext("webgl");
  const drawThis = [drawSlice, drawProjection, drawFaces, ...(webgl ? [drawTetrahedron] : [])];
  slider.max = map.levels.length - 1;
  slider.value = map.level;
  for (const draw of drawThis) {
    await draw();
    await new Promise(requestAnimationFrame);
  }
  slider.addEventListener("input", drawSlice);
  fixed.addEventListener("change", () => Promise.all([drawSlice(), drawProjection()]));
  shown.addEventListener("change", () => Promise.all(drawThis.map(draw => draw())));
  document.body.classList.add("interactive");
  if (!webgl) {
    plots.tetrahedron.hidden = true;
    document.querySelector(".of-tetrahedron")?.classList.remove("static-map");
  }
  byId("interactive-map").dataset.ready = "yes";
})().catch(error => {
  document.getElementById("interactive-map").hidden = true;
  console.info("The interactive maps are not shown: " + error);
});
