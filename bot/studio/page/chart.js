// Draws charts as SVG, in the colours of the page. Beside colours, patterns tell the parts of a bar apart.

const SVG = "http://www.w3.org/2000/svg";
const LOOKS = 7;
const WIDTH = 360;
const BARS = { height: 168, left: 34, right: 8, top: 8, bottom: 24 };
const BROADEST = 48;
const ROW = 40;
const MOST_TICKS = 6;
const MOST_LONG_TICKS = 4;
const A_YEAR = 52;
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const MONTH = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric", timeZone: "UTC" });

/** A week in few letters; where there are so many that days come twice, its month and year. */
function named(monday, weeks) {
  return (weeks.length > A_YEAR ? MONTH : DAY).format(new Date(`${monday}T00:00:00Z`));
}

/** An element of SVG; attributes and children as for `make` in build.js, without listeners. */
function draw(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElementNS(SVG, name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else element.setAttribute(key, String(value));
  }
  element.append(...children.filter(Boolean));
  return element;
}

/** The patterns that the charts and legends of the page are filled with; the ground comes from the style sheet. */
export function patterns() {
  const lines = { 1: "M0 6 L6 0", 3: "M0 0 L6 6", 4: "M0 6 L6 0 M0 0 L6 6", 5: "M0 3 L6 3", 6: "M3 0 L3 6" };
  const made = Array.from({ length: LOOKS }, (_, look) =>
    draw(
      "pattern",
      { id: `look-${look}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      draw("rect.ground", { width: 6, height: 6, "data-look": look }),
      lines[look] && draw("path.hatch", { d: lines[look] }),
      look === 2 && draw("circle.dot", { cx: 3, cy: 3, r: 1.1 }),
    ),
  );
  return draw("svg.patterns", { width: 0, height: 0, "aria-hidden": "true", focusable: "false" }, draw("defs", {}, ...made));
}

/** A small square that shows a look, or a line with a mark. */
export function swatch(look, line = false) {
  const shown = line
    ? [draw("path.trend", { d: "M0 7 L14 7" }), draw("path.mark", { d: diamond(7, 7) })]
    : [draw("rect.part", { width: 14, height: 14, fill: `url(#look-${look})` })];
  return draw("svg.swatch", { viewBox: "0 0 14 14", width: 14, height: 14, "aria-hidden": "true" }, ...shown);
}

/** Bars by week, one part above the other, and a line over them. */
export function bars({ told, unit, most, stacked, line }, weeks) {
  const { height, left, right, top, bottom } = BARS;
  const [foot, room] = [height - bottom, height - bottom - top];
  const step = niceStep(most);
  const ceiling = Math.max(step, Math.ceil(most / step) * step);
  const high = (value) => foot - (value / ceiling) * room;
  const wide = (WIDTH - left - right) / weeks.length;
  const middle = (place) => left + (place + 0.5) * wide;
  const grid = [];
  for (let value = 0; value <= ceiling; value += step) {
    grid.push(draw("line.grid", { x1: left, x2: WIDTH - right, y1: high(value), y2: high(value) }));
    grid.push(draw("text.tick", { x: left - 6, y: high(value) + 4, "text-anchor": "end", text: value.toLocaleString("en") }));
  }
  const long = weeks.length > A_YEAR;
  const every = Math.ceil(weeks.length / (long ? MOST_LONG_TICKS : MOST_TICKS));
  // Counted from the end, so that the newest week is always named.
  for (let place = (weeks.length - 1) % every; place < weeks.length; place += every) {
    grid.push(draw("text.tick", { x: Math.min(middle(place), WIDTH - (long ? 28 : 18)), y: height - 6, "text-anchor": "middle", text: named(weeks[place], weeks) }));
  }
  const parts = weeks.flatMap((week, place) => column(stacked, place, week, { middle: middle(place), wide, high }));
  const over = line
    ? [
        draw("path.trend", { d: `M${line.heights.map((value, place) => `${middle(place)} ${high(value)}`).join(" L")}` }),
        ...line.heights.map((value, place) =>
          draw("path.mark", { d: diamond(middle(place), high(value), Math.min(4, wide / 2)) }, draw("title", { text: `${weeks[place]}: ${line.name} ${value}` })),
        ),
      ]
    : [];
  const none = most ? null : draw("text.none", { x: (left + WIDTH - right) / 2, y: top + room / 2, "text-anchor": "middle", text: "none" });
  return picture(height, `${told} Counted: ${unit}.`, [...grid, ...parts, ...over, none]);
}

function column(stacked, place, week, { middle, wide, high }) {
  const broad = Math.min(wide * 0.8, BROADEST);
  let below = 0;
  const made = [];
  for (const { name, look, heights } of stacked) {
    const value = heights[place];
    if (!value) continue;
    const y = high(below + value);
    made.push(
      draw(
        "rect.part",
        { x: middle - broad / 2, y, width: broad, height: high(below) - y, fill: `url(#look-${look})`, "data-look": look },
        draw("title", { text: `${week}: ${name} ${value}` }),
      ),
    );
    below += value;
  }
  return made;
}

/** For each family its share as a point, and as a line where the true one may lie. */
export function shares({ told, shares: shown }) {
  const [left, right, foot] = [10, 10, 24];
  const height = Math.max(1, shown.length) * ROW + foot;
  const across = (value) => left + value * (WIDTH - left - right);
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((value) => [
    draw("line.grid", { x1: across(value), x2: across(value), y1: 2, y2: height - foot + 2 }),
    draw("text.tick", { x: across(value), y: height - 6, "text-anchor": value === 0 ? "start" : value === 1 ? "end" : "middle", text: `${value * 100} %` }),
  ]);
  const rows = [...shown].reverse().flatMap(({ name, part, whole, value, low, high }, place) => {
    const y = place * ROW + 28;
    return [
      draw("text.label", { x: left, y: y - 12, text: `${name}: ${part} of ${whole}` }),
      draw("line.interval", { x1: across(low), x2: across(high), y1: y, y2: y }),
      draw("circle.point", { cx: across(value), cy: y, r: 4.5 }),
    ];
  });
  const none = shown.length ? null : draw("text.none", { x: WIDTH / 2, y: 26, "text-anchor": "middle", text: "no reply was voted on" });
  return picture(height, told, [...ticks, ...rows, none]);
}

function picture(height, told, drawn) {
  return draw("svg.chart", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": told }, ...drawn);
}

const diamond = (x, y, reach = 4) => `M${x} ${y - reach} L${x + reach} ${y} L${x} ${y + reach} L${x - reach} ${y} Z`;

/** The step of a scale of whole numbers with at most six of them: 1, 2 or 5, times a power of ten. */
function niceStep(most) {
  const rough = Math.max(1, most / 5);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
}
