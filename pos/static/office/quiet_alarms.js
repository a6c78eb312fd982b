// Quiet alarms on the office's pages: nothing is heard of them at the gate, so they are shown here.

import { ask, UnreachedError } from "../till/server.js";

const EVERY = 3000; // ms between two looks
const place = document.getElementById("quiet-alarms");
let drawn = "";

async function look() {
  try {
    const { status, body } = await ask(place.dataset.address);
    // Only what has changed is drawn: the focus and a screen reader stay where they are.
    if (status === 200 && body.html !== drawn) place.innerHTML = drawn = body.html;
  } catch (error) {
    if (!(error instanceof UnreachedError)) throw error;
  }
  setTimeout(look, EVERY);
}

look();
