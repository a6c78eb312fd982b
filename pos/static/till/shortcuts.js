// Which key does what: the shop's own keys, and those that are the same in every shop.

import { keys } from "./keys.js";

// What a browser does with these never fits a till.
const BROWSERS = /^F([1-9]|10)$/;

const isModal = () => document.querySelector("dialog[open]") !== null;

export class Shortcuts {
  // `acts`: what the page can do, by its name in `keys`. `lines`: what keys do to the cart while no field has the focus.
  // `letters`: printable ones, known for a person's once nothing followed them.
  constructor(acts, lines, letters) {
    const own = Object.entries(keys).map(([does, key]) => [key, acts[does]]);
    const isLetter = ([key]) => key.length === 1;
    // Keys that a scanner cannot send act even while a field has the focus.
    this.anywhere = { ...Object.fromEntries(own.filter((one) => !isLetter(one))), Escape: acts.cancel };
    this.lines = lines;
    this.letters = { ...letters };
    for (const [key, act] of own.filter(isLetter)) this.letters[key.toLowerCase()] = act;
    window.addEventListener("keydown", (event) => this.press(event));
    document.querySelector(".keys").addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const inField = document.activeElement instanceof HTMLInputElement;
    const act = isModal() ? null : (this.anywhere[event.key] ?? (inField ? null : this.lines[event.key]));
    if (act || BROWSERS.test(event.key)) event.preventDefault();
    act?.();
  }

  type(character) {
    if (!isModal()) this.letters[character.toLowerCase()]?.();
  }
}
