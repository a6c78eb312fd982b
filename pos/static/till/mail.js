// Sending the receipt of the sale that was just made by e-mail.

import { ask, UnreachedError } from "./server.js";
import { word } from "./words.js";

const PATIENCE = 60000; // ms: an e-mail's server is asked several things, one after the other

const at = (id) => document.getElementById(id);

export class Mail {
  // `note(text)` tells the cashier that it was sent.
  constructor(note) {
    this.note = note;
    at("done").addEventListener("click", (event) => event.target.closest("#mail-open") && this.open());
    at("mail-form").addEventListener("submit", (event) => (event.preventDefault(), this.send()));
  }

  open() {
    this.sale = at("mail-open")?.dataset.sale;
    if (!this.sale || at("done").hidden) return;
    at("mail-to").value = "";
    at("mail-told").textContent = "";
    at("mail").showModal();
  }

  // The dialog stays until the server has taken it.
  async send() {
    const button = at("mail-form").querySelector("[type=submit]");
    button.disabled = true;
    try {
      const { status, body } = await ask("/till/mail", { sale: this.sale, to: at("mail-to").value }, PATIENCE);
      if (status !== 200) return void (at("mail-told").textContent = body.detail);
      at("mail").close();
      this.note(body.told);
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
      at("mail-told").textContent = word("not-done");
    } finally {
      button.disabled = false;
    }
  }
}
