// Makes elements. Whatever people wrote goes in as text, never as markup.

/**
 * @param {string} tag the element's name, with classes behind dots: "p.text"
 * @param {Record<string, unknown>} attributes `on…` are listeners, `text` is the content, booleans switch
 * @param {...(Node|string|null|undefined|false)} children put inside, in order
 */
export function make(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((child) => child || child === ""));
  return element;
}

/** A message's text, in pieces, with what was found in it marked. */
export function pieces(parts) {
  const titles = { answered: "answered", seen: "seen, not answered", emergency: "sign of an emergency" };
  return parts.map((piece) =>
    piece.mark
      ? make("mark", { class: piece.mark, title: titles[piece.mark], text: piece.text })
      : document.createTextNode(piece.text),
  );
}

/** A link only where it leads to the web; anything else stays text. */
export function citation({ label, link }) {
  if (!link || !/^https?:\/\//i.test(link)) return make("span", { text: label });
  return make("a", { href: link, target: "_blank", rel: "noopener noreferrer", text: label });
}

/** Runs of white space as one space, shortened for labels. */
export function short(text, length = 60) {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length > length ? `${flat.slice(0, length - 1).trimEnd()}…` : flat;
}
