"use strict";
// Small charts of a training: the run under way, the run before it, and the book's.

// One chart. `lines` are { points: [[x, y], ...], color, dots, width }.
function chart(title, lines) {
  const [width, height, left, right, top, bottom] = [420, 260, 52, 10, 30, 28];
  const all = lines.flatMap((line) => line.points).filter((point) => Number.isFinite(point[1]));
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title });
  svg.append(shape("text", { class: "title", x: 0, y: 14 }, title));
  if (all.length === 0) return svg;
  const [x0, x1] = span(all.map((point) => point[0]), 0);
  // A first value far above the rest must not flatten the others.
  const ys = all.map((point) => point[1]).sort((a, b) => a - b);
  const high = ys[Math.floor(0.98 * (ys.length - 1))];
  const [y0, y1] = span([ys[0], ys.length > 40 ? high : ys[ys.length - 1]], 0.06);
  const x = (value) => left + ((value - x0) / (x1 - x0)) * (width - left - right);
  const y = (value) => {
    const place = height - bottom - ((value - y0) / (y1 - y0)) * (height - top - bottom);
    return Math.max(top - 6, Math.min(height - bottom, place));
  };
  for (const tick of ticks(y0, y1, 4)) {
    svg.append(shape("line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), stroke: "var(--line)" }));
    svg.append(shape("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, label(tick)));
  }
  for (const tick of ticks(x0, x1, 5).filter((tick) => x1 < 3 || Number.isInteger(tick))) {
    svg.append(shape("text", { x: x(tick), y: height - 8, "text-anchor": "middle" }, label(tick)));
  }
  for (const line of lines) {
    const points = line.points.filter((point) => Number.isFinite(point[1]));
    if (line.dots) {
      for (const point of points) {
        svg.append(shape("circle", { cx: x(point[0]), cy: y(point[1]), r: points.length > 60 ? 1.6 : 3.2, fill: line.color }));
      }
    } else if (points.length > 0) {
      const text = points.map((point) => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`).join(" ");
      svg.append(shape("polyline", {
        points: text, fill: "none", stroke: line.color, "stroke-width": line.width ?? 2.2,
        "stroke-dasharray": line.dashed ? "5 4" : "none", "stroke-linejoin": "round",
      }));
    }
  }
  return svg;
}

function shape(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function span(values, margin) {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
  const more = (high - low) * margin;
  return [low - more, high + more];
}

// About `count` round numbers in a range.
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  const found = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-6; tick += step) {
    found.push(Number(tick.toPrecision(10)));
  }
  return found;
}

function label(value) { return Math.abs(value) >= 10000 ? `${value / 1000}k` : String(Number(value.toPrecision(4))); }
