// A leader's word: what the server does not do without one is asked for again with a badge or a name, and the PIN.

import { ask } from "./server.js";
import { sound } from "./sounds.js";
import { word } from "./words.js";

const at = (id) => document.getElementById(id);

export class Approval {
  constructor() {
    this.settle = () => {};
    at("approval").addEventListener("close", () => this.settle(null));
    at("approval-person").addEventListener("change", () => this.forget());
    at("approval-form").addEventListener("submit", (event) => (event.preventDefault(), this.send()));
  }

  get isOpen() {
    return at("approval").open;
  }

  // The server's answer, once a leader has allowed it or none is needed; null where it was given up.
  async ask(path, content) {
    let answer = await ask(path, content);
    while (answer.body.approval) {
      const shown = await this.show(answer.body.approval);
      if (!shown) return null;
      answer = await ask(path, { ...content, approval: shown });
    }
    if (this.isOpen) at("approval").close();
    return answer;
  }

  // What a leader shows, null where the dialog was closed.
  show({ what, told }) {
    at("approval-what").textContent = what;
    at("approval-told").textContent = told;
    at("approval-pin").value = "";
    if (told) sound("soft");
    if (!this.isOpen) this.open();
    at("approval-pin").focus();
    return new Promise((resolve) => (this.settle = resolve));
  }

  open() {
    at("approval-person").value = "";
    this.forget();
    at("approval").showModal();
  }

  // Something was scanned while the dialog is open: a badge, or the server says that it is none.
  scan(text) {
    this.badge = text;
    at("approval-person").value = "";
    at("approval-how").textContent = word("badge-read");
    at("approval-told").textContent = "";
    at("approval-pin").focus();
    sound("good");
  }

  forget() {
    this.badge = "";
    at("approval-how").textContent = word("show-badge");
  }

  send() {
    this.settle({ badge: this.badge, person: at("approval-person").value, pin: at("approval-pin").value });
  }
}
