// Draws the cart's rows. Those that are as they were stay, so that a scan into a long cart costs what its own row does.

const ROW = "<tr data-line=";

export class CartRows {
  constructor(place) {
    this.place = place;
    this.known = new Map(); // the row's element by its HTML
  }

  draw(html) {
    const parts = html.split(ROW).slice(1);
    const body = this.place.querySelector("tbody");
    if (!body || !parts.length || !this.known.size) return this.begin(html, parts);
    const wanted = new Map(parts.map((part) => [trimmed(part), null]));
    for (const [part, row] of this.known) if (!wanted.has(part)) row.remove();
    let next = body.firstElementChild;
    for (const part of wanted.keys()) {
      const row = this.known.get(part) ?? made(part);
      wanted.set(part, row);
      if (row === next) next = row.nextElementSibling;
      else body.insertBefore(row, next);
    }
    this.known = wanted;
  }

  // Draw everything: the cart was empty, or is, or the page came with it.
  begin(html, parts) {
    this.place.innerHTML = html;
    const rows = this.place.querySelectorAll("tr[data-line]");
    this.known = new Map(parts.map((part, number) => [trimmed(part), rows[number]]));
  }
}

function trimmed(part) {
  return part.slice(0, part.indexOf("</tr>"));
}

function made(part) {
  const drawn = document.createElement("template");
  drawn.innerHTML = `${ROW}${part}</tr>`;
  return drawn.content.firstElementChild;
}
