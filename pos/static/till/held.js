// Held sales: the list of them, and the banners of what gates tell: somebody comes to pay, a quiet alarm.

import { ask, UnreachedError } from "./server.js";
import { sound } from "./sounds.js";

const EVERY = 2000; // ms between two looks
const WAYS = { ArrowDown: 1, ArrowUp: -1 };

const at = (id) => document.getElementById(id);

export class HeldSales {
  // `open(id)`, `discard(id)`: somebody asked for that.
  constructor({ open, discard }) {
    Object.assign(this, { open, discard });
    this.drawn = {};
    this.known = null; // what gates had told at the last look
    for (const place of [at("sent"), at("held")]) place.addEventListener("click", (event) => this.click(event));
    at("held").addEventListener("keydown", (event) => this.step(event));
    this.watch();
  }

  async watch() {
    await this.look();
    setTimeout(() => this.watch(), EVERY);
  }

  // The lights tell it where no answer comes.
  async look() {
    try {
      const { status, body } = await ask("/till/held");
      if (status === 200) this.take(body);
    } catch (error) {
      if (!(error instanceof UnreachedError)) throw error;
    }
  }

  take({ list, count, banner, quiet, news }) {
    this.draw("held-list", list);
    this.draw("sent", banner.trim());
    this.draw("quiet-alarms", quiet.trim());
    at("held-count").textContent = count;
    at("held-count").hidden = !count;
    if (this.known && news.some((id) => !this.known.includes(id))) sound("chime");
    this.known = news;
  }

  // Only what has changed is drawn: the focus and a screen reader stay where they are.
  draw(name, html) {
    if (this.drawn[name] === html) return;
    this.drawn[name] = html;
    const held = document.activeElement?.closest(`#${name} [data-held]`)?.dataset.held;
    at(name).innerHTML = html;
    if (held) (at(name).querySelector(`[data-held="${held}"] [data-open]`) ?? this.first())?.focus();
  }

  first() {
    return at("held-list").querySelector("[data-open]");
  }

  // Open at once: keys that are pressed after it mean the list, as it was seen last.
  async show() {
    at("held").showModal();
    const close = at("held").querySelector("[data-close]");
    (this.first() ?? close).focus();
    await this.look();
    if (document.activeElement === close) this.first()?.focus();
  }

  step(event) {
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    const buttons = [...at("held-list").querySelectorAll("[data-open]")];
    const chosen = event.target.closest("[data-held]")?.querySelector("[data-open]");
    const next = Math.min(buttons.length - 1, Math.max(0, buttons.indexOf(chosen) + way));
    buttons[next]?.focus();
  }

  click(event) {
    const { open, discard, sure } = event.target.closest("button")?.dataset ?? {};
    if (open) this.open(open);
    if (!discard) return;
    if (!sure) return this.discard(discard);
    // The second press means it.
    const button = event.target.closest("button");
    button.textContent = sure;
    button.classList.add("alarm");
    button.removeAttribute("data-sure");
  }
}
