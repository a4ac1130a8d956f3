// Plotly lies compressed in the page; the browser unpacks it.
async function unpackedText(base64) {
  const packed = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
async function plotlyUnpacked() {
  const library = document.createElement("script");
  library.textContent = await unpackedText(document.getElementById("plotly-packed").textContent);
  document.head.append(library);
}
