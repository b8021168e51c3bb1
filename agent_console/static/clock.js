// The server's time, as far as this machine can tell it.

const ahead = Number(document.body.dataset.now) - Date.now() / 1000;

export function now() {
  return Date.now() / 1000 + ahead;
}
