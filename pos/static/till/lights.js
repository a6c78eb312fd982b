// The small lights in the head: what the till stands on, asked for every two seconds.

import { ask } from "./server.js";
import { word } from "./words.js";

const EVERY = 2000; // ms

export class Lights {
  // `printer(standing)`: what the health check tells of the receipt printer; `changed()`: the database went, or is back.
  constructor(printer, changed) {
    this.printer = printer;
    this.changed = changed;
    this.stream = "";
    this.ask();
  }

  async ask() {
    try {
      const { body } = await ask("/healthz");
      this.scanners = Object.values(body.scanners);
      light("connection", true);
      light("database", body.database.state === "ok");
      const isGoingBack = body.alone && body.database.state === "ok";
      if (isGoingBack || (this.alone !== undefined && this.alone !== body.alone)) this.changed();
      this.alone = body.alone;
      this.printer(body.printer);
    } catch {
      light("connection", false);
    }
    this.scanner();
    setTimeout(() => this.ask(), EVERY);
  }

  // `stream`: "" while scans reach this page, `lost` without a connection, `taken` while another window has them.
  scans(stream) {
    this.stream = stream;
    this.scanner();
  }

  scanner() {
    const place = document.getElementById("light-scanner");
    if (!place) return;
    place.textContent = word(this.stream === "taken" ? "other-window" : "scanner");
    light("scanner", !this.stream && (this.scanners ?? []).every(({ state }) => state === "ok"));
  }
}

function light(name, isOn) {
  const place = document.getElementById(`light-${name}`);
  place.classList.toggle("off", !isOn);
  if (name === "connection") place.hidden = isOn;
}
