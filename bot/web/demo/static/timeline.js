// Draws the patients to pick and the selected patient's texts: sent, to come, and those that will not go.

import { $, el, keep, say } from "./dom.js";
import { initials } from "./phones.js";

export function drawPeople(state, { onPick }) {
  $("plan").classList.toggle("booked", state.people.some((person) => person.external_id));
  keep($("people"), state.people, {
    key: (person) => person.key,
    make: (person) => {
      const button = el("button", { type: "button", className: "person", onclick: () => onPick(button.person) });
      button.append(
        el("span", { className: "face", ariaHidden: "true", textContent: initials(person.name) }),
        el("span", { className: "who" }, el("strong", {}, person.name.split(" ")[0], el("span", { className: "last", textContent: ` ${person.name.split(" ").slice(1).join(" ")}` })), el("span", { className: "about" })),
        el("span", { className: "verb" }),
      );
      return el("li", {}, button);
    },
    fill: (item, person) => {
      const button = item.firstChild;
      button.person = person;
      button.classList.toggle("picked", person.picked);
      button.title = person.about;
      button.ariaPressed = String(person.picked);
      say(button.querySelector(".about"), person.about);
      say(button.querySelector(".verb"), person.external_id ? "" : "Book");
    },
  });
}

export function drawTimeline(patient) {
  say($("plan-title"), patient ? `Texts to ${patient.first}` : "Texts");
  say($("visit"), patient ? patient.visit : "Book a patient, and every text is planned at once.");
  const texts = patient?.texts ?? [];
  const going = texts.filter((text) => text.group !== "left out");
  const firstToCome = going.findIndex((text) => text.group === "to come");
  const rows = going.map((text) => ({ ...text, row: "text" }));
  if (patient) rows.splice(firstToCome < 0 ? rows.length : firstToCome, 0, { id: `now ${patient.external_id}`, row: "now", empty: firstToCome < 0 });
  const list = $("timeline");
  keep(list, rows, { key: (row) => row.id, make: makeRow, fill: fillRow });
  drawLeftOut(texts.filter((text) => text.group === "left out"));
  showNow(list, patient, going.length - (firstToCome < 0 ? 0 : going.length - firstToCome));
}

function drawLeftOut(texts) {
  $("left-out").hidden = texts.length === 0;
  say($("left-out-count"), `(${texts.length})`);
  keep($("left-out-list"), texts.map((text) => ({ ...text, row: "text" })), { key: (row) => row.id, make: makeRow, fill: fillRow });
}

function makeRow(row) {
  if (row.row === "now") return el("li", { className: "now" });
  const fold = el("details", {});
  fold.append(
    el("summary", {},
      el("span", { className: "when" }, el("span", { className: "on" }), el("span", { className: "at" })),
      el("span", { className: "what" }, el("strong", {}), el("span", { className: "glimpse" })),
      el("span", { className: "state" })),
    el("div", { className: "unfolded" }),
  );
  return el("li", {}, fold);
}

function fillRow(item, row) {
  if (row.row === "now") return say(item, row.empty ? "now \u00B7 nothing more to come" : "now \u00B7 to come");
  item.className = row.group.replace(" ", "-");
  item.dataset.step = row.step;
  const find = (which) => item.querySelector(which);
  say(find(".on"), row.on);
  say(find(".at"), row.at);
  say(find("strong"), row.title);
  say(find(".glimpse"), row.glimpse);
  say(find(".state"), row.state);
  find(".unfolded").replaceChildren(...unfolded(row));
}

function unfolded(row) {
  const parts = [];
  if (row.reason) parts.push(el("p", { className: "reason", textContent: row.reason }));
  if (row.text) parts.push(el("p", { className: "words", textContent: row.text }));
  if (row.size) parts.push(el("p", { className: "small", textContent: row.size }));
  for (const quote of row.quotes) parts.push(el("blockquote", { textContent: quote }));
  parts.push(el("p", { className: "small", textContent: row.quotes.length ? "from the clinic's care sheet" : "about the appointment; nothing medical, so no quote" }));
  return parts;
}

// Scrolls to the present when it has moved, and leaves the reader alone otherwise.
function showNow(list, patient, sent) {
  const mark = `${patient?.external_id} ${sent}`;
  if (list.dataset.mark === mark) return;
  list.dataset.mark = mark;
  comeToNow();
}

// On a narrow page this has no effect while another part is shown, and is done again when the texts are.
export function comeToNow() {
  const now = $("timeline").querySelector(".now");
  if (now) $("texts").scrollTop = Math.max(0, now.offsetTop - 130);
}
