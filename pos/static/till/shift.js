// The till's shift and its drawer: a dialog that the server draws, and forms that are sent with a number of their own.

import { read, tidied, written } from "./money.js";
import { newId } from "./payment.js";
import { ask, UnreachedError } from "./server.js";
import { sound } from "./sounds.js";
import { word } from "./words.js";

const at = (id) => document.getElementById(id);

export class Shift {
  // `approval`: asks for a leader's word. `note(text)`: tell the cashier.
  constructor({ approval, note }) {
    Object.assign(this, { approval, note });
    this.isSending = false;
    at("shift-button")?.addEventListener("click", () => this.show());
    for (const dialog of [at("shift"), at("drawer")]) {
      dialog?.addEventListener("submit", (event) => (event.preventDefault(), this.send(event.target)));
      dialog?.addEventListener("input", (event) => this.tidy(event.target));
      dialog?.addEventListener("click", (event) => this.click(event.target.closest("button")));
    }
    at("shift")?.addEventListener("toggle", (event) => event.target.open && first(event.target)?.focus(), true);
  }

  // Whether nothing may be paid before a shift is opened.
  get isMissing() {
    return at("shift-button")?.dataset.open === "";
  }

  // Whether a dialog holds something that was typed: a scan must not close it.
  get isBusy() {
    const fields = document.querySelectorAll("dialog[open]:is(#shift, #drawer) input:not([type=radio])");
    return [...fields].some((field) => field.value.trim());
  }

  // Something was scanned meanwhile: it is not counted, and that is told.
  refuse() {
    const open = [...document.querySelectorAll("dialog[open] form:has([data-told])")];
    tell(open.find((form) => form.checkVisibility()), word("counting"));
  }

  async show() {
    if (!at("shift")) return;
    await this.settle(at("shift"), "/till/shift", undefined, (body) => this.draw(body));
  }

  askForDrawer() {
    if (!at("drawer")) return;
    const form = at("drawer").querySelector("form");
    form.reset();
    form.dataset.id = "";
    tell(form, "");
    at("drawer").showModal();
  }

  draw({ html, button, is_open: isOpen }) {
    at("shift").innerHTML = html;
    at("shift-button").innerHTML = button;
    at("shift-button").dataset.open = isOpen ? "yes" : "";
    if (!at("shift").open) at("shift").showModal();
    (first(at("shift")) ?? at("shift").querySelector("summary"))?.focus();
  }

  // The same form sent again is the same request: it keeps its number until it is answered.
  send(form) {
    form.dataset.id ||= newId();
    const content = { id: form.dataset.id, ...filled(form) };
    if (form.dataset.shift) content.shift = form.dataset.shift;
    this.settle(form, form.dataset.path, content, (body) => {
      sound("good");
      if (body.html) return this.draw(body);
      at("drawer").close();
      this.note(body.told);
    });
  }

  async settle(place, path, content, done) {
    if (this.isSending) return;
    this.isSending = true;
    try {
      const answer = content ? await this.approval.ask(path, content) : await ask(path);
      if (answer?.status === 200) done(answer.body);
      else if (answer) tell(place, answer.body.told ?? answer.body.detail);
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
      tell(place, word("not-done")) || this.note(word("not-done"));
    } finally {
      this.isSending = false;
    }
  }

  click(button) {
    if (button?.hasAttribute("data-close")) return button.closest("dialog").close();
    const shift = button?.dataset.print;
    if (shift) this.settle(at("shift"), "/till/shift/print", { shift }, (body) => this.draw(body));
  }

  tidy(field) {
    const isAtEnd = field.selectionStart === field.value.length;
    if (field.dataset.money && isAtEnd) field.value = tidied(field.value);
    const together = field.form.querySelector("[data-together]");
    if (together && field.dataset.worth) together.textContent = written(sum(field.form));
  }
}

// The first field that something is typed into, of those that can be seen.
function first(place) {
  return [...place.querySelectorAll("[data-worth], [data-money]")].find((field) => field.checkVisibility());
}

function pieces(form) {
  const fields = [...form.querySelectorAll("[data-worth]")].filter((field) => field.value.trim());
  return Object.fromEntries(fields.map((field) => [field.dataset.worth, whole(field.value)]));
}

function sum(form) {
  return Object.entries(pieces(form)).reduce((total, [worth, many]) => total + Number(worth) * (many ?? 0), 0);
}

// What a form says: its named fields, and either an amount or how many of each. The server checks it.
function filled(form) {
  const content = Object.fromEntries(new FormData(form));
  const money = form.querySelector("[data-money]");
  if (money?.value.trim() || (money && !form.querySelector("[data-worth]"))) content.amount = read(money.value);
  else if (form.querySelector("[data-worth]")) content.pieces = pieces(form);
  return content;
}

function whole(text) {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : null;
}

// Whether there was a place to tell it.
function tell(place, text) {
  const told = place.querySelector("[data-told]");
  if (told) told.textContent = text;
  if (told && text) sound("soft");
  return Boolean(told);
}
