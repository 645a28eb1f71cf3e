// Small tools for building the page: elements, and lists that change without losing focus or what is unfolded.

export const $ = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Gives each item its element in `list`, made once by `make` and brought up to date by `fill` when the item changed.
export function keep(list, items, { key, make, fill = () => {} }) {
  const known = list.kept ?? (list.kept = new Map());
  const wanted = new Set(items.map(key));
  for (const [id, kept] of known) {
    if (!wanted.has(id)) {
      kept.element.remove();
      known.delete(id);
    }
  }
  items.forEach((item, place) => {
    const said = JSON.stringify(item);
    let kept = known.get(key(item));
    if (!kept) {
      kept = { element: make(item), said: null };
      known.set(key(item), kept);
    }
    if (kept.said !== said) {
      fill(kept.element, item);
      kept.said = said;
    }
    if (list.children[place] !== kept.element) list.insertBefore(kept.element, list.children[place] ?? null);
  });
}

export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
