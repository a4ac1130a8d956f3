(async () => {
  const place = document.getElementById("interactive-map"), choice = document.getElementById("shown");
  await plotlyUnpacked();
  const figure = JSON.parse(document.getElementById("map-data").textContent), map = figure.data[0];
  const width = Math.min(place.clientWidth || figure.layout.width, figure.layout.width);
  const narrow = width < 560, margin = figure.layout.margin;
  if (narrow) {
    Object.assign(margin, {l: 30, r: 50, t: margin.t + 45});
    figure.layout.title.text = figure.layout.title.text.replaceAll("; ", "<br>");
  }
  figure.layout.height *= width / figure.layout.width;
  figure.layout.width = width;
  if (narrow) {
    figure.layout.height += 235;
    margin.b += 190;
    Object.assign(figure.layout.legend, {orientation: "h", x: 0, y: -0.28});
    figure.data.filter(trace => trace.meta === "marks").forEach(trace => { trace.marker.size *= 0.7; });
  }
  const inside = Math.min(width - margin.l - margin.r, (figure.layout.height - margin.t - margin.b) / 0.866);
  map.marker.size = inside / 100 * 1.22;
  figure.data.filter(trace => trace.meta === "veil").forEach(veil => { veil.marker.size = map.marker.size; });
  figure.data.filter(trace => trace.meta === "dots").forEach(dots => { dots.marker.size = map.marker.size * 0.4; });
  await Plotly.newPlot(place, figure.data, figure.layout, {displaylogo: false, responsive: false});
  choice.addEventListener("change", () => {
    const column = Number(choice.value), values = map.customdata.map(row => row[column]);
    const {low, high, unit} = choice.selectedOptions[0].dataset;
    const ends = {"marker.cmin": Number(low), "marker.cmax": Number(high), "marker.colorbar.title.text": unit};
    Plotly.restyle(place, {"marker.color": [values], ...ends}, [0]);
  });
  document.body.classList.add("interactive");
  place.dataset.ready = "yes";
})().catch(error => {
  document.getElementById("interactive-part").hidden = true;
  console.info("The interactive map is not shown: " + error);
});
