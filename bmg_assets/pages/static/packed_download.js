document.querySelectorAll("a.packed").forEach(link => link.addEventListener("click", async event => {
  if (link.href.startsWith("blob:")) return;
  event.preventDefault();
  const packed = Uint8Array.from(atob(link.href.split(",")[1]), c => c.charCodeAt(0));
  const table = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).blob();
  link.href = URL.createObjectURL(new Blob([table], {type: "text/csv"}));
  link.download = link.download.replace(/[.]gz$/, "");
  link.click();
}));
