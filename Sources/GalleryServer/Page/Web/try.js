"use strict";
// Lets networks that were trained here be tried.

// What shows each demo; those with photographs are in photo.js.
const makers = { review: tryReview, dense: tryDigit, convnet: tryDigit, plane: tryPlane, writer: tryWriter };

addEventListener("DOMContentLoaded", () => {
  for (const panel of document.querySelectorAll("[data-try]")) prepare(panel);
});
addEventListener("trained", (event) => {
  const panel = document.querySelector(`#${event.detail} [data-try]`);
  // A dream is shown by the panel that has asked for it.
  if (panel && panel.dataset.try !== "dream") prepare(panel);
});

// Shows what can be tried, or says what has to be run first.
async function prepare(panel) {
  const kind = panel.dataset.try;
  const title = panel.querySelector("h4");
  let about;
  try {
    about = await ask(`try/${kind}`);
  } catch (error) {
    about = { isReady: false, sentence: error.message };
  }
  if (about.isReady) {
    const parts = makers[kind](kind, about);
    panel.replaceChildren(title, ...parts, element("p", { className: "quiet" }, about.sentence));
  } else {
    panel.replaceChildren(title, element("p", { className: "quiet" }, about.sentence), ...runButton(about.program));
  }
  panel.dataset.ready = String(about.isReady);
}

function runButton(program) {
  if (!program) return [];
  const form = document.querySelector(`form.run[data-run="${program}"]`);
  return [element("button", { type: "button", className: "start", onclick: () => run(program, form) }, `Run ${program}`)];
}

// Asks one question after the other: while one is on its way only the latest of the next is kept.
function asker(path, show, fail) {
  let [busy, next] = [false, null];
  return async function ask_(question) {
    if (busy) { next = question; return; }
    busy = true;
    try { show(await ask(path, question), question); } catch (error) { fail(error.message); }
    busy = false;
    if (next !== null) { const question = next; next = null; ask_(question); }
  };
}

function says() { return element("p", { className: "say", role: "status" }); }

// Grey values in base64 as bytes.
function bytes(text) { return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)); }

// Draws grey values into a canvas at a place.
function paint(context, values, start, width, height, x = 0, y = 0) {
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const value = values[start + pixel];
    image.data.set([value, value, value, 255], 4 * pixel);
  }
  context.putImageData(image, x, y);
}

function bars(rows) {
  const best = Math.max(...rows.map((row) => row.value));
  return element("div", { className: "bars" }, ...rows.flatMap((row) => [
    element("span", { className: row.value === best ? "best" : "" }, row.name),
    element("div", { style: `width: ${Math.max(0.3, 100 * row.value)}%` }),
    element("span", {}, `${(100 * row.value).toFixed(1)}%`),
  ]));
}

// A review: its probability, and which words pull.
function tryReview() {
  const text = element("textarea", {
    ariaLabel: "A film review", maxLength: 20000,
    value: "A wonderful film. The story is simple, the acting superb and I loved every minute, although the music was terrible.",
  });
  const meter = element("div", { className: "meter" }, element("i"));
  const pulls = element("p", { className: "pulls" });
  const say = says();
  const send = asker("try/review", (answer) => {
    meter.firstChild.style.left = `${100 * answer.probability}%`;
    say.textContent = answer.sentence;
    const most = Math.max(0.5, ...answer.pieces.map((piece) => Math.abs(piece.pull ?? 0)));
    pulls.replaceChildren(...answer.pieces.map((piece) => {
      const isWord = /[\p{L}\p{N}]/u.test(piece.text);
      if (piece.pull === undefined) return element("span", { className: isWord ? "unknown" : "" }, piece.text);
      const color = piece.pull > 0 ? "var(--blue)" : "var(--orange)";
      const strength = Math.round(70 * Math.min(1, Math.abs(piece.pull) / most));
      return element("span", {
        style: `background: color-mix(in srgb, ${color} ${strength}%, transparent)`, title: `${piece.pull > 0 ? "+" : ""}${piece.pull.toFixed(2)}`,
      }, piece.text);
    }));
  }, (error) => { say.textContent = error; });
  text.addEventListener("input", () => send({ text: text.value }));
  send({ text: text.value });
  return [text, meter, element("div", { className: "ends" }, element("span", {}, "a pan"), element("span", {}, "praise")), say, pulls];
}

// A digit: ten numbers, and what the first layer answers.
function tryDigit(kind) {
  const pad = element("canvas", { width: 280, height: 280, className: "pad", tabIndex: 0, ariaLabel: "Draw a digit here, or press a digit's key" });
  const context = pad.getContext("2d", { willReadFrequently: true });
  const seen = element("canvas", { width: 28, height: 28, className: "small" });
  const numbers = element("div");
  const maps = element("canvas", { className: "maps", width: 1, height: 1 });
  const say = says();
  const send = asker(`try/${kind}`, (answer) => {
    say.textContent = answer.sentence;
    numbers.replaceChildren(bars(answer.probabilities.map((value, digit) => ({ name: String(digit), value }))));
    const values = bytes(answer.maps);
    const count = values.length / (answer.width * answer.height);
    const columns = Math.min(count, 8);
    const gap = count > 1 ? 2 : 0;
    maps.width = columns * (answer.width + gap);
    maps.height = Math.ceil(count / columns) * (answer.height + gap);
    for (let map = 0; map < count; map += 1) {
      paint(maps.getContext("2d"), values, map * answer.width * answer.height, answer.width, answer.height,
        (map % columns) * (answer.width + gap), Math.floor(map / columns) * (answer.height + gap));
    }
  }, (error) => { say.textContent = error; });

  const look = () => {
    const pixels = centred(pad);
    paint(seen.getContext("2d"), pixels, 0, 28, 28);
    send({ pixels: [...pixels] });
  };
  const clear = () => {
    context.fillStyle = "#000";
    context.fillRect(0, 0, 280, 280);
    look();
  };
  let last = null;
  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * 280 / box.width, (event.clientY - box.top) * 280 / box.height];
  };
  pad.addEventListener("pointerdown", (event) => { pad.setPointerCapture(event.pointerId); last = place(event); stroke(event); });
  pad.addEventListener("pointermove", (event) => { if (last) stroke(event); });
  for (const name of ["pointerup", "pointercancel"]) pad.addEventListener(name, () => { last = null; });
  function stroke(event) {
    const here = place(event);
    Object.assign(context, { strokeStyle: "#fff", lineWidth: 22, lineCap: "round", lineJoin: "round" });
    context.beginPath();
    context.moveTo(...last);
    context.lineTo(...here);
    context.stroke();
    last = here;
    look();
  }
  const write = (digit) => {
    context.fillStyle = "#000";
    context.fillRect(0, 0, 280, 280);
    Object.assign(context, { fillStyle: "#fff", font: "230px 'DejaVu Sans', sans-serif", textAlign: "center", textBaseline: "middle" });
    context.fillText(digit, 140, 150);
    look();
  };
  pad.addEventListener("keydown", (event) => { if (/^\d$/.test(event.key)) write(event.key); });
  clear();
  write("3");
  const hints = element("div", { className: "buttons" },
    element("button", { type: "button", onclick: clear }, "Clear"),
    element("span", { className: "quiet" }, "or press a digit's key in the field"));
  return [element("div", { className: "columns" },
    element("div", { style: "flex: 0 1 auto" }, pad, hints),
    element("div", { style: "flex: 0 1 auto" }, element("p", { className: "quiet", style: "margin-top: 0" }, "What the network sees"), seen),
    numbers), say, maps];
}

// The drawing as the data's digits are: the ink in a square of 20 pixels, its centre of mass in the middle of 28.
function centred(pad) {
  const source = pad.getContext("2d").getImageData(0, 0, pad.width, pad.height).data;
  let [x0, y0, x1, y1] = [pad.width, pad.height, -1, -1];
  for (let y = 0; y < pad.height; y += 1) {
    for (let x = 0; x < pad.width; x += 1) {
      if (source[4 * (y * pad.width + x)] > 30) {
        [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
      }
    }
  }
  if (x1 < 0) return new Uint8Array(784);
  const size = Math.max(x1 - x0, y1 - y0) + 1;
  const draw = (dx, dy) => {
    const small = element("canvas", { width: 28, height: 28 }).getContext("2d", { willReadFrequently: true });
    small.fillRect(0, 0, 28, 28);
    small.imageSmoothingQuality = "high";
    const [width, height] = [20 * (x1 - x0 + 1) / size, 20 * (y1 - y0 + 1) / size];
    small.drawImage(pad, x0, y0, x1 - x0 + 1, y1 - y0 + 1, 14 - width / 2 + dx, 14 - height / 2 + dy, width, height);
    const { data } = small.getImageData(0, 0, 28, 28);
    return Uint8Array.from({ length: 784 }, (_, pixel) => data[4 * pixel]);
  };
  const first = draw(0, 0);
  let [mass, mx, my] = [0, 0, 0];
  first.forEach((value, pixel) => { mass += value; mx += value * (pixel % 28); my += value * Math.floor(pixel / 28); });
  return mass ? draw(Math.round(13.5 - mx / mass), Math.round(13.5 - my / mass)) : first;
}

// The plane of section 8.4: the digit under the mouse.
function tryPlane() {
  const plane = element("canvas", { width: 420, height: 420, className: "plane", tabIndex: 0, ariaLabel: "The plane: move the mouse, or use the arrow keys" });
  const digit = element("canvas", { width: 28, height: 28, className: "small" });
  const say = says();
  const map = element("canvas", { width: 420, height: 420 });
  let [x, y, reach] = [0, 0, 2.5];
  const send = asker("try/plane", (answer) => {
    paint(digit.getContext("2d"), bytes(answer.pixels), 0, 28, 28);
    say.textContent = answer.sentence;
  }, (error) => { say.textContent = error; });
  // The middles of the outer pictures are `reach` from the middle; the pictures' halves lie beyond.
  const scale = () => 196 / reach;
  const go = (toX, toY) => {
    const limit = 210 / scale();
    [x, y] = [toX, toY].map((value) => Math.max(-limit, Math.min(limit, value)));
    const context = plane.getContext("2d");
    context.drawImage(map, 0, 0);
    Object.assign(context, { strokeStyle: "#ff9d42", lineWidth: 3 });
    context.beginPath();
    context.arc(210 + x * scale(), 210 + y * scale(), 9, 0, 7);
    context.stroke();
    send({ x, y });
  };
  plane.addEventListener("pointermove", (event) => {
    const box = plane.getBoundingClientRect();
    go(((event.clientX - box.left) * 420 / box.width - 210) / scale(), ((event.clientY - box.top) * 420 / box.height - 210) / scale());
  });
  plane.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    go(x + 0.08 * step[0], y + 0.08 * step[1]);
  });
  ask("try/plane/map").then((answer) => {
    reach = answer.reach;
    const values = bytes(answer.pixels);
    const context = map.getContext("2d");
    for (let place = 0; place < answer.side ** 2; place += 1) {
      paint(context, values, 784 * place, 28, 28, 28 * (place % answer.side), 28 * Math.floor(place / answer.side));
    }
    context.fillStyle = "#0006";
    context.fillRect(0, 0, 420, 420);
    go(0, 0);
  }).catch((error) => { say.textContent = error.message; });
  return [element("div", { className: "columns" }, plane, element("div", {}, digit, say))];
}

// The text generator: character by character, with what could have come instead.
function tryWriter() {
  const text = element("div", { className: "written", tabIndex: 0, ariaLabel: "What was written" });
  const slider = element("input", { type: "range", min: 0.1, max: 1.5, step: 0.05, value: 0.5, ariaLabel: "Temperature" });
  const shown = element("output", {}, "0.50");
  const choices = element("div");
  const say = says();
  const start = element("input", { type: "text", value: "the will to ", ariaLabel: "Beginning", maxLength: 500, style: "flex: 1 1 12rem; min-width: 0; background: var(--ground); border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .6rem" });
  let [written, timer] = ["", null];
  const step = async () => {
    try {
      const answer = await ask("try/writer", { text: start.value + written, temperature: Number(slider.value) });
      written += answer.character;
      text.replaceChildren(element("b", {}, start.value), written);
      text.scrollTop = 1e6;
      choices.replaceChildren(bars(answer.choices.map((choice) => ({ name: named(choice.character), value: choice.probability }))));
      say.textContent = answer.sentence;
    } catch (error) {
      say.textContent = error.message;
      pause();
    }
  };
  const write = async () => {
    await step();
    if (timer !== null && written.length < 4000 && text.isConnected) timer = setTimeout(write, 60);
    else pause();
  };
  const pause = () => { clearTimeout(timer); timer = null; toggle.textContent = "Write"; };
  const toggle = element("button", {
    type: "button", onclick: () => {
      if (timer !== null) return pause();
      toggle.textContent = "Pause";
      timer = 0;
      write();
    },
  }, "Write");
  const one = element("button", { type: "button", onclick: step }, "One character");
  const anew = element("button", { type: "button", onclick: () => { written = ""; text.replaceChildren(element("b", {}, start.value)); } }, "Anew");
  slider.addEventListener("input", () => { shown.textContent = Number(slider.value).toFixed(2); });
  start.addEventListener("input", anew.onclick);
  anew.onclick();
  step();
  return [element("div", { className: "buttons" }, start, toggle, one, anew),
    element("label", {}, "Temperature ", shown, slider),
    element("div", { className: "columns" }, element("div", { style: "flex: 2 1 18rem" }, text), choices), say];
}

function named(character) { return { " ": "space", "\n": "line" }[character] ?? character; }
