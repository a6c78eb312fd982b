// The browser knows which time zone it is in; the shop is most likely there too.

const zone = document.getElementById("timezone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

if ("guess" in zone.dataset && [...zone.options].some((option) => option.value === here)) zone.value = here;
