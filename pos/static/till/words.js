// Words that the page holds ready in the person's language, as templates.

export function word(name) {
  return document.getElementById(`say-${name}`).content.textContent.trim();
}

export function part(name) {
  return document.getElementById(`say-${name}`).innerHTML;
}
