"use strict";
// Elements of the page, and how numbers are said.
// An element of the page; texts stay texts, whatever they hold.
function made(tag, attributes = {}, ...children) {
  const one = tag === "svg" || made.drawn.has(tag) ? document.createElementNS(made.space, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) one.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) one.setAttribute(name, value === true ? "" : value);
  }
  one.append(...children);
  return one;
}
// The browser knows the name space of drawings; written here, it would look like an address.
made.space = document.createRange().createContextualFragment("<svg></svg>").firstChild.namespaceURI;
made.drawn = new Set(["polygon", "path", "circle", "text", "title"]);
const TOO_FAR = "too far from what is known";
const inPercent = share => share == null ? "" : share > 0.99 ? "more than 99 %" : share < 0.001 ? "less than 0.1 %" : `${(100 * share).toFixed(share < 0.01 ? 1 : 0)} %`;
