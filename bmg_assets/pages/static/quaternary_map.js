"use strict";
(async () => {
  const byId = id => document.getElementById(id), map = unpackedMap(), {elements} = map;
  const shown = byId("shown"), fixed = byId("fixed-element"), slider = byId("fixed-amount"), said = byId("fixed-words");
  const plots = {tetrahedron: byId("tetrahedron"), slice: byId("slice"), projection: byId("projection"), faces: byId("faces")};
  await plotlyUnpacked();
  const n = map.at.length / 4, at = row => map.at.slice(4 * row, 4 * row + 4), others = one => [0, 1, 2, 3].filter(place => place !== one);
  const inMixture = (corners, amounts) => {
    const whole = amounts.reduce((sum, one) => sum + one, 0);
    return corners[0].map((_, axis) => amounts.reduce((sum, one, place) => sum + one * corners[place][axis], 0) / whole);
  };
  const file = plot => `map-${elements.join("-")}-${plot.id}`;
  const views = {}, panel = new MapPanel(map, marks => Object.values(views).forEach(view => view.mark(marks)));
  for (const name of ["slice", "projection"]) views[name] = new TernaryView(plots[name], file(plots[name]), panel.hears());
  // What a slice and a projection share: `inside` gives the place of a composition among the three other elements, or null.
  const scene = (kept, rows, points, inside, rest) => {
    const {values, scale} = map.shade, among = set => new Set(rows.flatMap((row, one) => set.has(row) ? [one] : []));
    const symbols = map.symbols.map(({name, at: alloys, marker}) => {
      const here = alloys.filter(amounts => inside(amounts));
      return {name: `${name} (${here.length})`, points: here.map(inside), wholes: here, marker};
    });
    return {names: kept.map(one => elements[one]), points, wholes: rows.map(at), inside, values: rows.map(row => values[row]), scale, isTop: among(map.top), isBeyond: among(map.beyond),
      topTitle: map.topTitle, colours: map.colours, restsOn: map.restsOn, symbols: symbols.filter(one => one.points.length), ...rest};
  };
  const drawSlice = () => {
    const place = Number(fixed.value), level = map.levels[Number(slider.value)], kept = others(place), rows = [];
    for (let row = 0; row < n; row++) if (map.at[4 * row + place] === level) rows.push(row);
    const inside = amounts => {
      const nearest = map.levels.reduce((best, one) => Math.abs(one - amounts[place]) < Math.abs(best - amounts[place]) ? one : best);
      const rest = kept.map(one => amounts[one]), sum = rest.reduce((whole, one) => whole + one, 0);
      return nearest === level && sum > 0 ? rest.map(one => one * (100 - level) / sum) : null;
    };
    said.textContent = `${elements[place]} ${level} at.%`;
    slider.setAttribute("aria-valuetext", said.textContent);
    return views.slice.show(scene(kept, rows, rows.map(row => kept.map(one => at(row)[one])), inside, {sum: 100 - level, step: map.step, unit: " (at.%)"}));
  };
  const drawProjection = () => {
    const place = Number(fixed.value), kept = others(place), {shares, rows, step} = map.projections[place];
    const inside = amounts => {
      const rest = kept.map(one => amounts[one]), sum = rest.reduce((whole, one) => whole + one, 0);
      return sum > 0 ? rest.map(one => 100 * one / sum) : null;
    };
    return views.projection.show(scene(kept, rows, rows.map((_, one) => shares.slice(3 * one, 3 * one + 3)), inside, {sum: 100, step, unit: " (%)"}));
  };
  const coloured = (rows, marker) => {
    const {values, scale} = map.shade, bar = {title: {text: scale.unit}, len: 0.6, thickness: 12, x: 1.02, outlinewidth: 0};
    return {mode: "markers", name: "prediction", showlegend: false, hoverinfo: "none", customdata: rows.map(at), marker: {line: {width: 0}, cmin: scale.low, cmax: scale.high,
      colorscale: map.colours.map((colour, place, all) => [place / (all.length - 1), colour]), colorbar: bar, color: rows.map(row => values[row]), ...marker}};
  };
  // The symbols of alloys for which `placed` gives places; one alloy may have several.
  const symbols = (type, placed, axes, change) => map.symbols.flatMap(({name, at: alloys, marker}) => {
    const kept = alloys.flatMap(amounts => placed(amounts).map(place => [place, amounts])), markers = change(marker);
    return kept.length ? markers.map((one, number) => ({type, mode: "markers", name: `${name} (${kept.length})`, legendgroup: name, showlegend: number === markers.length - 1,
      hoverinfo: "none", customdata: kept.map(([, amounts]) => amounts), ...axes(kept.map(([place]) => place)), marker: one})) : [];
  });
  const layout = (plot, look, more) => ({width: plot.clientWidth, paper_bgcolor: look.page, font: {color: look.text, family: "system-ui, sans-serif"}, modebar: {bgcolor: "rgba(0,0,0,0)", color: look.soft, activecolor: look.text},
    legend: {orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom", itemsizing: "constant", bgcolor: look.legend, font: {color: "white", size: 11}}, ...more});
  const below = innerWidth < 600 ? 250 : 130;
  // The panel tells what is pointed at; a click keeps it.
  const heard = plot => {
    if (plot.isHeard) return;
    plot.isHeard = true;
    const composition = ({points: [{customdata}]}) => customdata && [...customdata];
    plot.on("plotly_hover", event => panel.show(composition(event), false));
    plot.on("plotly_unhover", () => panel.show(null, false));
    plot.on("plotly_click", event => { const point = composition(event); if (point) panel.keep(point); });
  };
  const drawTetrahedron = async () => {
    const corners = map.corners.tetrahedron, xyz = list => ({x: list.map(one => one[0]), y: list.map(one => one[1]), z: list.map(one => one[2])}), look = theme(), top = [...map.top];
    const edges = [0, 1, 2, 0, 3, 1, 2, 3].map(place => corners[place]), middle = inMixture(corners, [1, 1, 1, 1]);
    const beside = corners.map(corner => corner.map((value, axis) => value + 0.09 * (value - middle[axis])));
    const known = {star: "diamond", "triangle-up": "square", x: "circle-open"};
    const solid = marker => {
      const symbol = marker.symbol.replace("-open", ""), color = marker.color === "white" ? "#9aa3ad" : marker.color;
      return [{...marker, color, symbol: known[symbol] ?? symbol, size: marker.size * 0.6}];
    };
    const traces = [{type: "scatter3d", mode: "lines", ...xyz(edges), hoverinfo: "skip", showlegend: false, line: {color: look.soft, width: 3}},
      {type: "scatter3d", mode: "text", ...xyz(beside), text: elements, hoverinfo: "skip", showlegend: false, textfont: {size: 16, color: look.text}},
      {type: "scatter3d", ...xyz(top.map(row => inMixture(corners, at(row)))), ...coloured(top, {size: 3.5, opacity: 0.6}), name: map.topTitle, showlegend: true},
      ...symbols("scatter3d", amounts => [inMixture(corners, amounts)], xyz, solid)];
    const axis = {visible: false, showbackground: false}, plot = plots.tetrahedron;
    await Plotly.react(plot, traces, layout(plot, look, {height: plot.clientWidth * 0.85 + below, margin: {l: 0, r: 60, t: 30, b: below}, scene: {xaxis: axis, yaxis: axis, zaxis: axis, aspectmode: "data",
      camera: plot.layout?.scene?.camera ?? {eye: {x: 0.95, y: -1.5, z: 0.5}, center: {x: 0, y: 0, z: -0.08}}}}), quiet(file(plot), ["orbitRotation", "pan3d", "zoom3d", "resetCameraDefault3d"]));
    heard(plot);
  };
  const drawFaces = async () => {
    const level = map.levels[0], all = [], places = [], {faces: corners} = map.corners, plot = plots.faces, look = theme();
    for (let face = 0; face < 4; face++) for (let row = 0; row < n; row++) if (map.at[4 * row + face] === level) {
      all.push(row);
      places.push(inMixture(corners[face], others(face).map(one => at(row)[one])));
    }
    const xy = list => ({x: list.map(one => one[0]), y: list.map(one => one[1])});
    const outline = corners.flatMap(face => [...face, face[0], [null, null]]);
    const names = corners.flatMap((face, one) => others(one).map((element, place) => [face[place], elements[element]]));
    const single = [...new Map(names.map(([place, name]) => [place.map(one => one.toFixed(3)).join(), [place, name]])).values()];
    const onFaces = amounts => [0, 1, 2, 3].filter(face => amounts[face] === 0).map(face => inMixture(corners[face], others(face).map(other => amounts[other])));
    const beyond = places.filter((_, one) => map.beyond.has(all[one])), seen = plot.layout?.xaxis?.range, zoom = seen ? 2.24 / (seen[1] - seen[0]) : 1;
    // Hexagons stay closed: they grow with the map.
    const size = (plot.clientWidth - 80) / 2 * map.step / 100 * 1.25 * zoom, axis = {visible: false, fixedrange: false};
    const traces = [{type: "scatter", ...xy(places), ...coloured(all, {symbol: "hexagon", size})},
      ...(beyond.length ? [{type: "scatter", mode: "markers", name: "too little is known here", hoverinfo: "skip", ...xy(beyond), marker: {symbol: "line-ne", size: Math.min(size, 12), line: {width: 1, color: "#d9d9d9"}}}] : []),
      {type: "scatter", mode: "lines", ...xy(outline), line: {color: look.soft, width: 1.2}, hoverinfo: "skip", showlegend: false},
      {type: "scatter", mode: "text", ...xy(single.map(([[x, y]]) => [x + (x - 1) * 0.12, y + (y - 0.577) * 0.12])), text: single.map(([, name]) => name),
       textfont: {size: 14, color: look.text}, hoverinfo: "skip", showlegend: false, cliponaxis: false}, ...symbols("scatter", onFaces, xy, marker => outlined(marker, 0.8 * Math.min(2, Math.sqrt(zoom))))];
    await Plotly.react(plot, traces, layout(plot, look, {height: plot.clientWidth * 0.9 + 70, plot_bgcolor: "rgba(0,0,0,0)", dragmode: isCoarse.matches ? false : "zoom", margin: {l: 20, r: 75, t: 30, b: 60},
      xaxis: {...axis, range: seen ?? [-0.12, 2.12]}, yaxis: {...axis, scaleanchor: "x", range: plot.layout?.yaxis?.range ?? [-0.15, 1.9]}}), quiet(file(plot), ["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]));
    if (!plot.isHeard) plot.on("plotly_relayout", event => { if (Object.keys(event).some(name => name.startsWith("xaxis"))) drawFaces(); });
    heard(plot);
  };
  const webgl = document.createElement("canvas").getContext("webgl");
  const drawThis = [drawSlice, drawProjection, drawFaces, ...(webgl ? [drawTetrahedron] : [])];
  slider.max = map.levels.length - 1;
  slider.value = map.level;
  map.shade = shadeOf(map, shown);
  for (const draw of drawThis) {
    await draw();
    await new Promise(requestAnimationFrame);
  }
  panel.show(map.symbols.find(({name}) => name === "cast next")?.at[0] ?? views.projection.scene.wholes[views.projection.highest()], true);
  const drawAll = () => { map.shade = shadeOf(map, shown); panel.fill(); return Promise.all(drawThis.map(draw => draw())); };
  slider.addEventListener("input", drawSlice);
  fixed.addEventListener("change", () => Promise.all([drawSlice(), drawProjection()]));
  shown.addEventListener("change", drawAll);
  redrawn(drawAll);
  document.body.classList.add("interactive");
  if (!webgl) {
    plots.tetrahedron.hidden = true;
    document.querySelector(".of-tetrahedron")?.classList.remove("static-map");
  }
  byId("interactive-map").dataset.ready = "yes";
})().catch(error => {
  document.getElementById("interactive-part").hidden = true;
  console.info("The interactive maps are not shown: " + error);
});
