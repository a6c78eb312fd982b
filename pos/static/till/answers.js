// The answer to the last scan, and the lock: after a hard one nothing counts until a person says so.

import { sound } from "./sounds.js";
import { part, word } from "./words.js";

const place = document.getElementById("answer");

export class Answers {
  // `unlocked()` is called when a hard answer was acknowledged.
  constructor(unlocked) {
    this.unlocked = unlocked;
    this.isLocked = false;
    this.refused = 0;
    place.addEventListener("click", (event) => {
      if (event.target.closest("[data-understood]")) this.acknowledge();
    });
    // Enter and blank are keys that scanners send: on this button they do nothing.
    place.addEventListener("keydown", (event) => {
      if (event.target.closest("[data-understood]") && ["Enter", " "].includes(event.key)) event.preventDefault();
    });
  }

  show(html, level) {
    place.innerHTML = html;
    if (level) sound(level);
    if (level !== "hard") return;
    this.lock();
    place.scrollIntoView({ block: "nearest" });
  }

  say(name, level) {
    this.show(part(name), level);
  }

  // Tell something that the server put into words.
  note(text) {
    this.say("note");
    place.querySelector(".name").textContent = text;
  }

  clear() {
    if (!this.isLocked) this.say("waiting");
  }

  lock() {
    this.refused = 0;
    this.draw(true);
  }

  // It looks locked, and says so: payment waits.
  draw(isLocked) {
    this.isLocked = isLocked;
    document.body.classList.toggle("is-locked", isLocked);
    for (const button of document.querySelectorAll("button.pay")) button.ariaDisabled = String(isLocked);
  }

  // A scan came during the lock: it is not counted, and that is told.
  refuse() {
    this.refused += 1;
    sound("hard");
    const line = place.querySelector(".refused");
    line.hidden = false;
    line.textContent = this.refused === 1 ? word("refused-one") : word("refused-many").replace("#", this.refused);
  }

  // Payment was asked for during the lock.
  insist() {
    sound("hard");
    place.querySelector("[data-understood]").focus();
  }

  acknowledge() {
    if (!this.isLocked) return;
    this.draw(false);
    this.say("waiting");
    this.unlocked();
  }
}
