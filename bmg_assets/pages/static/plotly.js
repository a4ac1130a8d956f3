"use strict";
// Plotly lies compressed in the page; the browser unpacks it. It gets no button that could send anything away.
async function unpackedText(base64) {
  const packed = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
async function plotlyUnpacked() {
  const library = document.createElement("script");
  library.textContent = await unpackedText(document.getElementById("plotly-packed").textContent);
  document.head.append(library);
}
const quiet = (name, buttons) => ({displaylogo: false, displayModeBar: true, responsive: false, showTips: false, showSendToCloud: false, plotlyServerURL: "",
  modeBarButtons: [["toImage", ...buttons]], toImageButtonOptions: {filename: name, scale: 2}});
const isDark = matchMedia("(prefers-color-scheme: dark)"), isCoarse = matchMedia("(pointer: coarse)");
// The colours of the page, for what Plotly draws.
function theme() {
  const style = getComputedStyle(document.documentElement), colour = name => style.getPropertyValue(name).trim();
  return {page: colour("--page"), text: colour("--text"), soft: colour("--soft"), line: colour("--edge"), legend: "#55606d"};
}
// White symbols are seen on white and on the colours by their dark edges; open ones get such an edge of their own.
function outlined(marker, factor) {
  const size = marker.size * factor, line = {...marker.line, width: marker.line.width * Math.min(1.6, Math.max(1, factor))};
  return marker.symbol.endsWith("-open")
    ? [{...marker, size, color: "#111", line: {width: line.width + 2.4}}, {...marker, size, line}] : [{...marker, size, line}];
}
// What the page holds of its map, with sets where the question is whether a row is in it.
function unpackedMap() {
  const map = JSON.parse(document.getElementById("map-data").textContent);
  return {...map, top: new Set(map.top), beyond: new Set(map.beyond)};
}
// What the colours show by the choice of the reader.
function shadeOf(map, choice) {
  const {low, high, unit} = choice.selectedOptions[0].dataset;
  return {values: map.columns[Number(choice.value)], scale: {low: Number(low), high: Number(high), unit}};
}
// Draw anew when the window has another size, or the page other colours.
function redrawn(draw) {
  let width = innerWidth, waiting;
  addEventListener("resize", () => {
    if (innerWidth === width) return; // a telephone hides and shows its bars
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(draw, 150);
  });
  isDark.addEventListener("change", draw);
}
