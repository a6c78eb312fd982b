// Finding an item, and its price: what is scanned while the dialog is open is looked up and goes nowhere else.

import { ask, UnreachedError } from "./server.js";
import { word } from "./words.js";

const at = (id) => document.getElementById(id);

export class Finding {
  // `print(sale)`: a receipt is to be printed again.
  constructor(print) {
    at("found").addEventListener("click", ({ target: { dataset } }) => dataset.print && print(dataset.print));
    at("find-form").addEventListener("submit", (event) => (event.preventDefault(), this.scan(at("find-text").value.trim())));
  }

  get isOpen() {
    return at("find").open;
  }

  open() {
    at("find-text").value = "";
    at("found").textContent = "";
    at("find").showModal();
    at("find-text").focus();
  }

  async scan(text) {
    if (!text) return;
    at("find-text").value = text;
    at("find-text").select();
    this.asked = text;
    const html = await this.found(text);
    // The answer to what was asked for last is the one that stays.
    if (this.asked === text) at("found").innerHTML = html;
  }

  async found(text) {
    try {
      const { status, body } = await ask("/till/find", { text });
      if (status === 200) return body.html;
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
    }
    return word("not-done");
  }
}
