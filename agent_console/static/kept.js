// What this browser keeps of a complaint. Words that the server may not have yet stand on a shelf that outlives a crash.
// What the server has confirmed is only noted in the tab, for a page that was drawn before that and shown after it.
//
// Several people use one machine: each shelf bears the number of its person, is read for nobody else, and is cleared by
// their sign-out, or after some hours.

const SAVED = "saved-draft";
const KEPT_MS = 12 * 3600 * 1000; // as KEPT_FOR of left_over.py
const HANGS_AFTER = 5000; // what is older was not saved by the next try either
const SHELVES = /^(draft|aside):(\w+):(.+)$/;

function shelf(id) {
  return `draft:${document.body.dataset.who}:${id}`;
}

function read(store, key) {
  return JSON.parse(store.getItem(key));
}

function write(store, key, value) {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the server's copy is the one that counts.
  }
}

// `based`: the version that the server had confirmed when these words were typed.
export function keep(id, based, data) {
  write(localStorage, shelf(id), { based, data, at: Date.now() });
}

export function isKept(id) {
  return localStorage.getItem(shelf(id)) !== null;
}

export function drop(id) {
  localStorage.removeItem(shelf(id));
}

// The form has gone on without these words: they are kept apart, where the next letter typed into it does not replace them.
export function setAside(id) {
  const kept = localStorage.getItem(shelf(id));
  if (kept === null) return;
  localStorage.setItem(`aside:${document.body.dataset.who}:${id}.${Date.now()}`, kept);
  drop(id);
}

// Those of the menus' drafts are named otherwise, and tell of nobody.
function isComplaint(name) {
  return /^\d/.test(name);
}

function shelves() {
  return Object.keys(localStorage).map((key) => ({ key, match: key.match(SHELVES) }))
    .filter(({ match }) => match)
    .map(({ key, match: [, kind, who, name] }) => ({ key, kind, who, name }));
}

// Complaints that are kept for this person and are on no form of the page: { key, id, data, at }. `shown` is the form's id.
export function leftOver(shown) {
  return shelves()
    .filter(({ kind, who, name }) => who === document.body.dataset.who && isComplaint(name) && (kind === "aside" || name !== shown))
    .map(({ key, name }) => ({ key, id: name.split(".")[0], ...read(localStorage, key) }));
}

export function throwAway({ key }) {
  localStorage.removeItem(key);
}

// Whether words hang here that the server has not got, though there was time.
export function isHanging() {
  return leftOver().some(({ at }) => at < Date.now() - HANGS_AFTER);
}

// Of everybody what is too old, and of `gone`, who has signed out, all of it.
export function tidy(gone = "") {
  // Of a release before this one, when shelves bore nobody's number.
  for (const key of Object.keys(localStorage)) if (/^draft:\d+$/.test(key)) localStorage.removeItem(key);
  for (const { key, who, name } of shelves()) {
    const at = read(localStorage, key).at;
    if (isComplaint(name) && (who === gone || !(at > Date.now() - KEPT_MS))) localStorage.removeItem(key);
  }
}

// The server has these words now. Newer ones on the shelf stay there; only the last draft of a tab is noted.
export function confirm(id, version, data, when) {
  write(sessionStorage, SAVED, { id, version, data, when });
  if (JSON.stringify(read(localStorage, shelf(id))?.data) === JSON.stringify(data)) drop(id);
}

export function forgetConfirmed() {
  sessionStorage.removeItem(SAVED);
}

// What the page lacks that draws draft `id` at `version`: { version, data, when, unsaved, based }, or null. `based` is the
// version on which unsaved words were typed.
export function lacking(id, version, { mayBeOld = false } = {}) {
  const saved = read(sessionStorage, SAVED);
  // The page before this one went on saving while this one was on its way: the server drew it without those words.
  const later = saved?.id === id && saved.version > version ? saved : null;
  if (!later) forgetConfirmed();
  const newest = later?.version ?? version;
  const kept = read(localStorage, shelf(id));
  // One save may have arrived while its answer was lost with the page, and still be older than the words of the shelf;
  // of a later version others have made more since. `mayBeOld`: whoever asks has the server tell both texts apart.
  if (kept && (mayBeOld || newest <= kept.based + 1)) return { version: newest, data: kept.data, unsaved: true, based: kept.based };
  if (kept) setAside(id);
  return later && { ...later, unsaved: false };
}
