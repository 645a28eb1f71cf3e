// The demo page: asks for its state, draws it, and turns clicks into posts. All rules live on the server.

import { $, el, keep, say } from "./dom.js";
import { drawPhone } from "./phones.js";
import { comeToNow, drawPeople, drawTimeline } from "./timeline.js";

const REST_FOR = 1000; // milliseconds between two looks; less after something was done, for ticks to arrive
const HURRY_FOR = 200;

const page = { state: null, picked: null, staff: 0, seen: "", hurryUntil: 0, moving: false, read: { patient: 0, staff: 0, plan: 0 } };

async function look() {
  const query = new URLSearchParams({ seen: page.seen, patient: page.picked ?? "", staff: page.staff });
  try {
    const answer = await fetch(`/demo/state?${query}`);
    if (!answer.ok) throw new Error(`the demo answered ${answer.status}`);
    take(await answer.json());
    if (page.lost) trouble("");
    page.lost = false;
  } catch {
    page.lost = true;
    trouble("The demo does not answer. Is it still running in your terminal?");
  }
}

function take(found) {
  page.clock = { at: Date.parse(found.now), since: performance.now() };
  if (found.state) {
    page.seen = found.seen;
    page.state = found.state;
    page.picked = found.state.patient?.external_id ?? null;
    draw();
  }
  tick();
}

async function keepLooking() {
  await look();
  const hurry = page.moving || performance.now() < page.hurryUntil;
  setTimeout(keepLooking, document.hidden ? 3 * REST_FOR : hurry ? HURRY_FOR : REST_FOR);
}

async function act(path, body = {}) {
  trouble("");
  page.hurryUntil = performance.now() + 3000;
  try {
    const answer = await fetch(`/demo/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (!answer.ok) trouble(said.errors?.map(refusal).join(" ") || said.why || `The demo answered ${answer.status}.`);
    page.hurryUntil = performance.now() + 3000;
    await look();
    return answer.ok ? said : null;
  } catch {
    trouble("The demo does not answer. Is it still running in your terminal?");
    return null;
  }
}

// In the words of the form that was filled in; the API's own names are for programs.
function refusal({ field, remedy }) {
  const filled = [...document.querySelectorAll("[data-fields]")].find((each) => each.dataset.fields.split(" ").includes(field));
  return `${filled?.labels[0].textContent ?? field}: ${remedy}`;
}

async function move(body) {
  if (page.moving) return;
  page.moving = true;
  drawBar();
  const going = act("clock", { patient: page.picked, ...body });
  setTimeout(keepWatching, HURRY_FOR);
  await going;
  page.moving = false;
  drawBar();
}

// While the clock plays, the texts are shown as they go out.
async function keepWatching() {
  if (!page.moving) return;
  await look();
  setTimeout(keepWatching, HURRY_FOR);
}

function draw() {
  const { state } = page;
  const { patient } = state;
  document.body.classList.remove("starting");
  say($("clinic"), `${state.clinic.name} \u00B7 demo`);
  drawPeople(state, { onPick: pick });
  drawTimeline(patient);
  drawPhone("patient", patient?.phone, {
    note: patient ? patient.phone.shown : "nobody picked yet",
    empty: "Pick a sample patient, or book your own.",
    onChip: (chip) => send("patient", chip),
  });
  const staff = state.staff[page.staff];
  drawPhone("staff", staff, {
    note: `${staff.role} \u00B7 ${staff.shown}`,
    empty: "Quiet. What needs a human lands here.",
    onChip: (chip) => send("staff", chip),
  });
  drawSwitch(state.staff);
  drawWhy(patient?.why);
  drawBar();
  drawFlags(state.flags);
  const jump = $("jump-to");
  if (document.activeElement !== jump && jump.value < state.jump) jump.value = state.jump;
  drawDots();
  $("own-start").defaultValue = state.own_start; // leaves alone what the visitor has typed
  say($("hint"), state.hint);
}

function drawSwitch(staff) {
  keep($("staff-switch"), staff.map(({ name, bubbles }, place) => ({ name, place, chosen: place === page.staff, news: bubbles.length })), {
    key: (each) => each.name,
    make: (each) => el("button", { type: "button", textContent: each.name.split(" ").at(-1), title: `Show ${each.name}'s phone`, onclick: () => { page.staff = each.place; page.seen = ""; look(); } }),
    fill: (button, each) => { button.ariaPressed = String(each.chosen); },
  });
}

function drawWhy(why) {
  $("why").hidden = !why;
  if (!why) return;
  say($("why-short"), why.short);
  $("why-list").replaceChildren(...why.lines.flatMap(terms));
  $("why-technical-list").replaceChildren(...why.technical.flatMap(terms));
}

function terms([term, words, quoted]) {
  const said = (each) => (quoted ? el("blockquote", { textContent: each }) : each);
  return [el("dt", { textContent: term }), ...words.map((each) => el("dd", {}, said(each)))];
}

function drawBar() {
  const { state, moving } = page;
  const treatment = state?.treatment;
  for (const id of ["quarter", "hour", "start-over"]) $(id).disabled = moving;
  for (const part of $("jump").elements) part.disabled = moving;
  $("next").disabled = moving || !state?.next;
  $("next").title = state?.next ?? "";
  $("treatment").disabled = moving || !treatment?.does;
  say($("treatment"), treatment?.label ?? "Treatment ends now");
  document.body.classList.toggle("moving", moving);
}

function drawFlags(flags) {
  keep($("own-flags"), flags, {
    key: (flag) => flag.id,
    make: (flag) => el("label", { className: "flag" }, el("input", { type: "checkbox", name: "flags", value: flag.id }), ` ${flag.name}`),
  });
}

// On a narrow page one part is shown; a dot says that another has news.
function drawDots() {
  const { state, read } = page;
  const news = { patient: state.patient?.phone.bubbles.length ?? 0, staff: state.staff.reduce((sum, each) => sum + each.bubbles.length, 0), plan: 0 };
  const shown = document.body.dataset.shown;
  read[shown] = news[shown];
  for (const tab of document.querySelectorAll(".tabs button")) {
    const name = tab.dataset.show;
    if (read[name] > news[name]) read[name] = news[name];
    tab.querySelector(".dot").hidden = !(news[name] > read[name]);
    tab.ariaPressed = String(name === shown);
  }
}

function tick() {
  if (!page.clock) return;
  const at = new Date(page.clock.at + performance.now() - page.clock.since);
  const timeZone = page.state?.clinic.zone;
  say($("clock-time"), at.toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone }));
  say($("clock-day"), at.toLocaleDateString("en-US", { weekday: "short", month: "short", day: "numeric", year: "numeric", timeZone }));
}

function pick(person) {
  if (!person.external_id) return book({ sample: person.key });
  page.picked = person.external_id;
  page.seen = "";
  show("patient");
  return look();
}

async function book(body) {
  const booked = await act("book", body);
  if (!booked) return null;
  page.picked = booked.external_id;
  page.seen = "";
  show("patient");
  await look();
  return booked;
}

function send(who, body) {
  const phone = who === "patient" ? page.state.patient?.phone : page.state.staff[page.staff];
  return phone && body.trim() ? act("text", { number: phone.number, body }) : null;
}

async function startOver() {
  page.picked = null;
  page.staff = 0;
  $("jump-to").value = "";
  $("own-form").reset();
  await act("start-over");
  show("plan");
}

function show(part) {
  document.body.dataset.shown = part;
  if (page.state) drawDots();
  if (part === "plan") comeToNow();
}

function trouble(words) {
  say($("trouble"), words);
  $("trouble").hidden = !words;
}

function listen() {
  $("next").onclick = () => move({ to: "next" });
  $("quarter").onclick = () => move({ by: 15 });
  $("hour").onclick = () => move({ by: 60 });
  $("treatment").onclick = () => {
    const { does } = page.state.treatment;
    return does === "go" ? move({ to: "treatment" }) : act("end", { patient: page.picked });
  };
  $("start-over").onclick = startOver;
  $("jump").onsubmit = (event) => { event.preventDefault(); move({ to: $("jump-to").value }); };
  $("own-form").onsubmit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const booked = await book({ name: form.get("name"), start: form.get("start"), flags: form.getAll("flags") });
    if (booked) { event.target.reset(); $("own").open = false; }
  };
  for (const id of ["own", "why", "why-technical"]) $(id).ontoggle = () => $(id).scrollIntoView({ block: "nearest" });
  for (const who of ["patient", "staff"]) {
    $(`${who}-form`).onsubmit = (event) => {
      event.preventDefault();
      const field = $(`${who}-text`);
      send(who, field.value);
      field.value = "";
    };
  }
  for (const tab of document.querySelectorAll(".tabs button")) tab.onclick = () => show(tab.dataset.show);
  const toTheEnd = new ResizeObserver((logs) => logs.forEach(({ target }) => { target.scrollTop = target.scrollHeight; }));
  for (const who of ["patient", "staff"]) toTheEnd.observe($(`${who}-log`));
  setInterval(tick, 1000);
}

listen();
keepLooking();
