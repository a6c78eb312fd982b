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
    const isNew = isStuck && at("printer-told").hidden;
    if (isNew) sound("soft");
    at("printer-told").hidden = !isStuck;
    if (isStuck) this.say(word(`printer-${state}`), isNew);
    at("printer-count").textContent = waiting;
  }

  // What is read aloud is written only where there is something new to say.
  say(why, isNew) {
    if (isNew || at("printer-why").textContent !== why) at("printer-why").textContent = why;
  }

  // Of the sale that was just made, or of another one.
  async again(sale = at("print-again")?.dataset.sale) {
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
