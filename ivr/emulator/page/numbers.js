// Numbers as people type them, as the exchange takes them (E.164), and as people read them.

export function toE164(typed) {
  const number = typed.replace(/[^\d+]/g, "");
  if (/^[1-9]\d{9}$/.test(number)) return "+91" + number;
  if (/^0[1-9]\d{9}$/.test(number)) return "+91" + number.slice(1);
  if (/^91[1-9]\d{9}$/.test(number)) return "+" + number;
  return /^\+[1-9]\d{6,14}$/.test(number) ? number : null;
}

export function readable(number) {
  const indian = /^\+91(\d{5})(\d{5})$/.exec(number);
  return indian ? `+91 ${indian[1]} ${indian[2]}` : number;
}
