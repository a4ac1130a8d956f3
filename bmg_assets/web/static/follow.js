// Looks again at a page while something is at work on it, and shows what is new; a field that somebody fills in is left alone.
"use strict";
(() => {
  const EVERY_MS = 10000, main = document.getElementById("main");
  const isBusy = () => main.querySelector(".working") !== null;
  const isTyping = () => main.contains(document.activeElement) && document.activeElement.matches("input, select");

  const look = async () => {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok && !isTyping()) {
        const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
        main.replaceChildren(...found.childNodes);
      }
    } catch {
      // The server is away for a moment: the next look says more.
    }
    if (isBusy()) setTimeout(look, EVERY_MS);
  };

  if (isBusy()) setTimeout(look, EVERY_MS);
})();
