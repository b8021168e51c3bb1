// The server's time, as far as this machine can tell it, in the digits that the screen's language writes.

const ahead = Number(document.body.dataset.now) - Date.now() / 1000;
const { lang } = document.documentElement;
const bare = new Intl.NumberFormat(lang, { useGrouping: false });
const padded = new Intl.NumberFormat(lang, { useGrouping: false, minimumIntegerDigits: 2 });
const ofDay = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Kolkata" });

export function now() {
  return Date.now() / 1000 + ahead;
}

// A count, as `showing.count` writes it.
export function count(number) {
  return bare.format(number);
}

// A stretch of time: 02:14, 1:02:14.
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = `${padded.format(Math.floor((whole % 3600) / 60))}:${padded.format(whole % 60)}`;
  return whole >= 3600 ? `${bare.format(Math.floor(whole / 3600))}:${rest}` : rest;
}

// The time of day in India: 10:42.
export function hour() {
  return ofDay.format(now() * 1000);
}
