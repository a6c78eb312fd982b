// Scans from the till's own serial and USB scanners, as the server hears them.

const AGAIN = 2000; // ms until a stream that was refused is asked for anew; a broken one the browser mends itself

// `scan(text)`: one came. `state(word)`: "" while connected, `lost` between two tries, `taken` by another window.
export function listen(scan, state) {
  const stream = new EventSource("/till/scans");
  stream.addEventListener("open", () => state(""));
  stream.addEventListener("error", () => {
    state("lost");
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen(scan, state), AGAIN);
  });
  stream.addEventListener("message", (event) => scan(JSON.parse(event.data)));
  // To connect again would take the scans back, and forth, and back: the window that opened last has them.
  stream.addEventListener("taken", () => {
    stream.close();
    state("taken");
  });
}
