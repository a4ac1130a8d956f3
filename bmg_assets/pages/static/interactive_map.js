"use strict";
(async () => {
  const byId = id => document.getElementById(id), place = byId("interactive-map"), choice = byId("shown");
  await plotlyUnpacked();
  const map = unpackedMap(), points = Array.from({length: map.at.length / 3}, (_, row) => map.at.slice(3 * row, 3 * row + 3));
  const scene = () => {
    const {scale, values} = map.shade = shadeOf(map, choice);
    return {names: map.elements, sum: 100, step: map.step, points, unit: " (at.%)", values, scale, isTop: map.top, isBeyond: map.beyond, topTitle: map.topTitle,
      colours: map.colours, restsOn: map.restsOn, symbols: map.symbols.map(({name, at, marker}) => ({name, points: at, wholes: at, marker}))};
  };
  const panel = new MapPanel(map, marks => view.mark(marks));
  const view = new TernaryView(place, place.dataset.file, panel.hears());
  await view.show(scene());
  panel.show(map.symbols.find(({name}) => name === "cast next")?.at[0] ?? points[view.highest()], true);
  choice.addEventListener("change", () => { view.show(scene()); panel.fill(); });
  redrawn(() => view.draw());
  document.body.classList.add("interactive");
  place.dataset.ready = "yes";
})().catch(error => {
  document.getElementById("interactive-part").hidden = true;
  console.info("The interactive map is not shown: " + error);
});
