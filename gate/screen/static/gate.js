// The gate's screen: draws what the server tells, and says by itself when nothing more is told.

import { Chime } from "./chime.js";

const SILENT_AFTER = 2500; // ms; the server tells something every half second

const body = document.body;
const at = (id) => document.getElementById(id);
const chime = new Chime(at("sound"));
const lost = JSON.parse(body.dataset.lost);
let told = JSON.parse(body.dataset.told);
let heard = performance.now();
let isLost = false;

function text(element, words) {
  // What has not changed is left alone, or it would be read out again.
  if (element.textContent !== words) element.textContent = words;
}

function list(element, rows, make, fill) {
  while (element.childElementCount > rows.length) element.lastElementChild.remove();
  rows.forEach((row, place) => fill(element.children[place] ?? element.appendChild(make()), row));
}

function copyOf(name) {
  return () => at(name).content.firstElementChild.cloneNode(true);
}

const line = copyOf("a-line");
const light = copyOf("a-light");
const passage = copyOf("a-passage");

function fillPassage(row, [name, tag, tone, time]) {
  text(row.querySelector("strong"), name);
  text(row.querySelector(".tag"), tag);
  row.querySelector(".tag").className = `tag ${tone}`;
  text(row.querySelector("time"), time);
}

function fillLight(row, [name, isOn]) {
  text(row, name);
  row.className = isOn ? "light" : "light off";
}

function draw(next) {
  told = next;
  body.dataset.state = told.state;
  body.dataset.tone = told.tone;
  at("words").setAttribute("role", told.tone === "alarm" ? "alert" : "status");
  at("words").setAttribute("aria-live", told.tone === "alarm" ? "assertive" : "polite");
  for (const name of ["first", "word", "about"]) text(at(name), told[name]);
  show(told.picture);
  list(at("lines"), told.lines, line, text);
  list(at("details"), told.details, line, text);
  at("answer").hidden = told.act === "" && told.say === "";
  at("act").hidden = told.act === "";
  text(at("act-word"), told.act);
  at("pay").hidden = told.pay === "";
  text(at("pay-word"), told.pay_word);
  at("say").hidden = told.say === "";
  at("say").href = told.say;
  text(at("say-word"), told.say_word);
  text(at("ends"), told.ends);
  if (!told.gate) return; // the gate itself says nothing: what stands around the state is the last that was known
  for (const name of ["gate", "shop", "clock"]) text(at(name), told[name] || at(name).textContent);
  if (told.lights.length) list(at("lights"), told.lights, light, fillLight);
  list(at("passages"), told.passages, passage, fillPassage);
}

// What the item looks like; it is seen once it has come, for not every product has a picture.
function show(address) {
  const picture = at("picture");
  if (address === (picture.getAttribute("src") ?? "")) return;
  picture.hidden = true;
  if (address) picture.src = address;
  else picture.removeAttribute("src");
}

at("picture").addEventListener("load", () => (at("picture").hidden = false));

function hear(event) {
  heard = performance.now();
  isLost = false;
  const next = JSON.parse(event.data);
  draw(next);
  chime.follow(next.chime, next.sounding);
}

function press(address) {
  fetch(address, { method: "POST" }).catch(() => {}); // unheard: what is shown goes on, and so does the page
}

function silence() {
  if (told.act) press(body.dataset.silence);
}

function payAtTheTill() {
  if (told.pay) press(told.pay);
}

let stream;
function connect() {
  stream = new EventSource(body.dataset.events);
  stream.addEventListener("message", hear);
}

setInterval(() => {
  if (performance.now() - heard > SILENT_AFTER && !isLost) {
    isLost = true;
    draw(lost);
    chime.follow("", false);
  }
  // A refusal, such as a proxy's, ends an EventSource for good.
  if (stream.readyState === EventSource.CLOSED) connect();
}, 500);

at("act").addEventListener("click", silence);
at("state").addEventListener("click", silence);
at("pay").addEventListener("click", payAtTheTill);
at("test").addEventListener("click", () => press(body.dataset.test));
addEventListener("keydown", (event) => {
  if (event.repeat) return;
  if (event.key === " " && told.act) {
    event.preventDefault();
    silence();
  } else if (event.key === "F9" && told.pay) {
    event.preventDefault();
    payAtTheTill();
  } else if (event.key === "Enter" && told.say && !event.target.closest("a, button")) {
    location.assign(told.say);
  }
});

connect();
chime.follow(told.chime, told.sounding);
