// The shop floor's page: draws what the server tells, sends what is clicked.

const body = document.body;
const at = (id) => document.getElementById(id);
let told = JSON.parse(body.dataset.told);

function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function list(element, rows, template) {
  const make = () => at(template).content.firstElementChild.cloneNode(true);
  while (element.childElementCount > rows.length) element.lastElementChild.remove();
  rows.forEach((row, place) => {
    const line = element.children[place] ?? element.appendChild(make());
    row.forEach((words, part) => text(line.children[part], words));
  });
}

// ---- what is seen

function draw() {
  for (const card of document.querySelectorAll(".unit")) drawCard(card, told.cards[card.dataset.slot]);
  list(at("cart"), told.cart.lines, "a-cart-line");
  text(at("count"), told.cart.count);
  text(at("total"), told.cart.total);
  at("pay").disabled = !told.cart.can_pay;
  at("scanner").hidden = told.scanner === "";
  text(at("scanner-word"), told.scanner);
  at("take-scanner").hidden = !told.is_elsewhere;
  at("gate").dataset.lamp = told.lamp.state;
  text(at("gate-word"), told.lamp.word);
  text(at("gate-said"), told.lamp.said);
  at("silence").hidden = told.lamp.state !== "on";
  [...at("steps").children].forEach((step, place) => step.classList.toggle("done", told.steps[place]));
  list(at("story"), told.story, "a-happening");
}

function drawCard(card, unit) {
  const tag = card.querySelector("[data-tag]");
  text(tag, unit.tag);
  tag.className = `tag ${unit.tone}`;
  text(card.querySelector("[data-serial]"), unit.serial);
  const code = card.querySelector("[data-code]");
  if (code.getAttribute("src") !== unit.barcode) code.src = unit.barcode;
  code.alt = code.alt.replace(/\S+$/, unit.serial);
  size(code, unit, card.querySelector(".code").clientWidth);
  for (const way of card.querySelectorAll("[data-to]")) way.disabled = !unit[`to_${way.dataset.to}`];
  card.classList.toggle("gone", unit.gone);
}

// A whole number of the screen's own dots for each module, or the bars blur: at most so wide, and a matrix no giant.
function size(image, unit, room, tallest = 56) {
  const dots = window.devicePixelRatio;
  const most = Math.min((room * dots) / unit.width, unit.width < 60 ? (tallest * dots) / unit.height : Infinity);
  const each = Math.max(1, Math.floor(most)) / dots;
  image.width = unit.width * each;
  image.height = unit.width < 60 ? unit.height * each : tallest;
}

function enlarge(card) {
  const unit = told.cards[card.dataset.slot];
  at("large-code").src = unit.barcode;
  at("large-code").alt = card.querySelector("[data-code]").alt;
  text(at("large-serial"), unit.serial);
  size(at("large-code"), unit, Math.min(innerWidth - 48, 900), Math.min(innerHeight * 0.4, 240));
  at("large").showModal();
}

// ---- what is done

async function send(path) {
  let trouble = "";
  try {
    const answer = await fetch(path, { method: "POST", headers: { Accept: "application/json" } });
    trouble = (await answer.json()).told ?? "";
  } catch {
    trouble = body.dataset.unreached;
  }
  complain(trouble);
}

let forgetting;
function complain(trouble) {
  text(at("trouble"), trouble);
  clearTimeout(forgetting);
  if (trouble) forgetting = setTimeout(() => text(at("trouble"), ""), 6000);
}

async function once(button, path) {
  button.disabled = true;
  await send(path);
  button.disabled = false;
  draw();
}

at("pay").addEventListener("click", () => once(at("pay"), "/pay"));
at("reset").addEventListener("click", () => once(at("reset"), "/reset"));
at("silence").addEventListener("click", () => send("/silence"));
at("take-scanner").addEventListener("click", () => send("/scanner"));
for (const card of document.querySelectorAll(".unit")) {
  card.querySelector("[data-enlarge]").addEventListener("click", () => enlarge(card));
  for (const way of card.querySelectorAll("[data-to]")) {
    way.addEventListener("click", () => send(`/carry/${card.dataset.slot}/${way.dataset.to}`));
  }
}
at("large").addEventListener("click", () => at("large").close());
addEventListener("resize", draw);

const stream = new EventSource(body.dataset.events);
stream.addEventListener("message", (event) => {
  told = JSON.parse(event.data);
  draw();
});
stream.addEventListener("error", () => complain(body.dataset.unreached));
stream.addEventListener("open", () => complain(""));
draw();
