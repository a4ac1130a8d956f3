// Asks, as a field is left, what the intake would say of it. Without this the form is checked when it is sent.
"use strict";
(() => {
  const form = document.getElementById("casts");
  if (!form) return;
  const left = new Set();
  let asked = 0;

  const say = (id, words, isWrong) => {
    const input = document.getElementById(id), said = document.getElementById(`${id}-said`);
    if (!input || !said) return;
    said.textContent = words;
    input.closest(".field").classList.toggle("wrong", isWrong);
    if (isWrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };

  const show = (row, place) => {
    for (const input of place.querySelectorAll(".field :is(input, select)")) {
      if (!left.has(input.id)) continue;
      const column = input.id.slice(place.id.length + 1);
      const fault = row.faults[column] || "";
      say(input.id, fault || row.notes[column] || "", fault !== "");
    }
    const isRead = row.outcome === "accepted";
    place.classList.toggle("accepted", isRead);
    document.getElementById(`${place.id}-outcome`).textContent = isRead ? `Reads as: ${row.read_as}.`
      : row.outcome === "skipped" ? `Nothing to do: it is ${row.reason}.` : row.faults[""] || "";
  };

  const check = async () => {
    const number = ++asked;
    try {
      const answer = await fetch(form.dataset.check, {method: "POST", body: new FormData(form)});
      if (!answer.ok || number !== asked) return;
      const found = await answer.json();
      const places = [...form.querySelectorAll("fieldset.cast")];
      found.rows.forEach((row, place) => places[place] && show(row, places[place]));
    } catch {
      // The server is not there: sending the form will say so.
    }
  };

  for (const input of form.querySelectorAll("[aria-invalid]")) left.add(input.id);
  form.addEventListener("change", event => {
    if (!event.target.closest("fieldset.cast")) return;
    left.add(event.target.id);
    check();
  });
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
