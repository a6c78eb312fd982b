// The receipt printer: what waits for it and why, and a receipt printed again.

import { ask, UnreachedError } from "./server.js";
import { sound } from "./sounds.js";
import { word } from "./words.js";

const WELL = ["ready", "low_paper"];

const at = (id) => document.getElementById(id);

export class Printing {
  // `note(text)`: tell the cashier.
  constructor(note) {
    this.note = note;
    this.state = "ready";
    at("done").addEventListener("click", (event) => {
      if (event.target.closest("#print-again")) this.again();
    });
    at("printer-drop").addEventListener("click", () => this.drop());
  }

  // Draw how the printer is, as /healthz tells it.
  take({ state, waiting }) {
    const light = at("light-printer");
    light.classList.toggle("off", !WELL.includes(state));
    light.textContent = word(state === "low_paper" ? "printer-low_paper" : "printer");
    const isStuck = !WELL.includes(state) && waiting > 0;
    if (isStuck && at("printer-told").hidden) sound("soft");
    at("printer-told").hidden = !isStuck;
    if (isStuck && this.state !== state) at("printer-why").textContent = word(`printer-${state}`);
    this.state = isStuck ? state : "";
    at("printer-count").textContent = waiting;
  }

  async again() {
    const sale = at("print-again")?.dataset.sale;
    if (sale) await this.send("/till/print", { sale }, () => this.note(word("prints-again")));
  }

  async drop() {
    await this.send("/till/print/drop", {}, () => (at("printer-told").hidden = true));
  }

  async send(path, content, done) {
    try {
      const { status } = await ask(path, content);
      if (status === 200) return done();
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
    }
    this.note(word("not-printed"));
  }
}
