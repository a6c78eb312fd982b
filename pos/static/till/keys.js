// The shop's own keys, by what they do.

export const keys = JSON.parse(document.body.dataset.keys);
