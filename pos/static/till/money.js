// Amounts in the currency's shop unit, written as the server writes them.

const { currency, digits } = document.body.dataset;
const DIGITS = Number(digits);
const writer = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });

export function written(amount) {
  if (currency === "IDR") return (amount < 0 ? "-Rp" : "Rp") + grouped(Math.abs(amount));
  return writer.format(amount / 10 ** DIGITS);
}

// What somebody typed as an amount, null where there is none. Where the currency has decimals, the last . or , is theirs.
export function read(text) {
  if (!DIGITS) return whole(text);
  const [, units, decimals = ""] = /^(.*?)(?:[.,](\d*))?$/.exec(text.trim());
  const amount = whole(units + decimals.slice(0, DIGITS).padEnd(DIGITS, "0"));
  return units.trim() || decimals ? amount : null;
}

// An amount as it stands in its field, without the currency's sign.
export function typed(amount) {
  return DIGITS ? (amount / 10 ** DIGITS).toFixed(DIGITS) : grouped(amount);
}

// What is being typed, with groups where that cannot disturb the typing.
export function tidied(text) {
  const amount = read(text);
  return DIGITS || amount === null ? text : grouped(amount);
}

function whole(text) {
  const figures = text.replace(/\D/g, "").slice(0, 15);
  return figures ? Number(figures) : null;
}

function grouped(amount) {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ".");
}
