// The guide goes on by itself: it is drawn anew when the shop has done something, and labels are read wherever the
// focus is.

import { listen } from "../till/attached.js";
import { ScanKeys } from "../till/scan_keys.js";
import { ask, UnreachedError } from "../till/server.js";
import { sound } from "../till/sounds.js";

const PAUSE = 1000; // ms between two looks

const guide = () => document.getElementById("guide");
const wantsScan = () => guide().querySelector("[data-scan]") !== null;
let keys = null; // before a label is wanted, a scanner types into the form: a product's barcode, say

async function scan(text) {
  if (!wantsScan()) return;
  try {
    const { body: told } = await ask("/first-day/scan", { text });
    sound(told.found ? "good" : "hard");
    say(told.said ?? told.detail, told.found);
  } catch (error) {
    if (!(error instanceof UnreachedError)) throw error;
  }
  await look();
}

function say(text, isRight) {
  const place = document.getElementById("scan-told");
  place.className = isRight ? "right-word" : "trouble";
  place.textContent = text;
}

// Draw the page anew when something was done; what somebody is typing stays as long as nothing was.
async function look() {
  try {
    const { body: told } = await ask("/first-day/mark");
    if (told.mark && told.mark !== guide().dataset.mark) await draw();
  } catch (error) {
    if (!(error instanceof UnreachedError)) throw error;
  }
}

async function draw() {
  const answer = await fetch("/first-day");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("guide");
  if (fresh) guide().replaceWith(fresh);
  watchKeys();
}

function watchKeys() {
  if (wantsScan()) keys ??= new ScanKeys({ scan, half: () => {}, key: () => {} });
}

watchKeys();
listen(scan, () => {});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "typed-scan") return;
  event.preventDefault();
  const text = document.getElementById("typed").value.trim();
  if (text) scan(text);
});

async function watch() {
  await look();
  setTimeout(watch, PAUSE);
}
setTimeout(watch, PAUSE);
document.body.dataset.ready = "";
