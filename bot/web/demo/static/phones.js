// Draws a phone: its bubbles with days, times and ticks, and the chips below. Sends nothing itself.

import { $, el, keep, say } from "./dom.js";

const TICKS = {
  queued: ["\u25CB", "on its way"],
  accepted: ["\u25CB", "on its way"],
  sending: ["\u25CB", "on its way"],
  sent: ["\u2713", "sent"],
  delivered: ["\u2713\u2713", "delivered"],
  read: ["\u2713\u2713", "read"],
  received: ["", ""],
  undelivered: ["not delivered", "not delivered"],
  failed: ["not delivered", "not delivered"],
};

export function drawPhone(who, phone, { note, onChip, empty }) {
  say($(`${who}-face`), phone ? initials(phone.name) : "");
  say($(`${who}-title`), phone ? `${phone.name}'s phone` : who === "staff" ? "Staff phone" : "Patient's phone");
  say($(`${who}-note`), note);
  drawLog($(`${who}-log`), phone, empty);
  keep($(`${who}-chips`), phone?.chips ?? [], {
    key: (chip) => chip,
    make: (chip) => el("button", { type: "button", className: "chip", textContent: chip, onclick: () => onChip(chip) }),
  });
  for (const part of $(`${who}-form`).elements) part.disabled = !phone;
}

function drawLog(log, phone, empty) {
  const whose = phone?.number ?? "nobody";
  const changed = log.dataset.whose !== whose;
  log.dataset.whose = whose;
  const before = log.kept?.size ?? 0;
  keep(log, lines(phone, whose, empty), { key: (line) => line.key, make: makeLine, fill: fillLine });
  if (changed || log.kept.size > before) log.scrollTop = log.scrollHeight;
}

// Bubbles, with a line for each new day between them.
function lines(phone, whose, empty) {
  if (!phone || phone.bubbles.length === 0) return [{ key: `${whose} empty ${empty}`, kind: "empty", words: empty }];
  const found = [];
  let day = null;
  phone.bubbles.forEach((bubble, place) => {
    if (bubble.day !== day) found.push({ key: `${whose} day ${place}`, kind: "day", words: bubble.day });
    day = bubble.day;
    found.push({ key: `${whose} ${place}`, kind: bubble.mine ? "mine" : "theirs", ...bubble });
  });
  return found;
}

function makeLine(line) {
  const item = el("li", { className: line.kind });
  if (line.kind === "day" || line.kind === "empty") item.textContent = line.words;
  else item.append(el("p", { className: "words" }), el("p", { className: "meta" }));
  return item;
}

function fillLine(item, line) {
  if (line.kind === "day" || line.kind === "empty") return;
  const [words, meta] = item.children;
  say(words, line.body || "(no words)");
  const [ticks, meaning] = TICKS[line.status] ?? ["", line.status];
  meta.replaceChildren(line.at);
  if (ticks) meta.append(" ", el("span", { className: `ticks ${line.status}`, role: "img", ariaLabel: meaning, textContent: ticks }));
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => word[0].toUpperCase()).join("");
}
