"use strict";
// Photographs: where does a network look, and what does it dream about them?

Object.assign(makers, { gradcam: tryGradCAM, dream: tryDream });

// What the server takes.
const photoLimits = { bytes: 8 * 2 ** 20, pixels: 25e6, types: ["image/jpeg", "image/png"] };

// Lets a photograph be dropped or chosen; `show` gets the file as it is to be sent, and its picture if the browser can
// show it.
function photographs(names, show) {
  const file = element("input", { type: "file", accept: "image/*", ariaLabel: "A photograph" });
  const drop = element("label", { className: "drop" }, element("span", {}, "Drop a photograph here, or choose one:"), file);
  const take = async (blob) => {
    if (!blob) return;
    const picture = await createImageBitmap(blob).catch(() => null);
    show(await fitting(blob, picture), picture);
  };
  file.addEventListener("change", () => take(file.files[0]));
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files[0]);
  });
  const samples = names.map((name) => element("button", {
    type: "button", onclick: async () => take(await (await fetch(`photographs/${name}`)).blob()),
  }, name));
  return samples.length ? [drop, element("div", { className: "buttons" }, "or one of these:", ...samples)] : [drop];
}

// A photograph that the server would not take is made smaller.
async function fitting(blob, picture) {
  const fits = blob.size <= photoLimits.bytes && photoLimits.types.includes(blob.type);
  if (!picture || (fits && picture.width * picture.height <= photoLimits.pixels)) return blob;
  const canvas = element("canvas");
  drawPicture(canvas, picture, 1600);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
}

// Draws a picture into a canvas, no longer than `side`.
function drawPicture(canvas, picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(scale * picture.width));
  canvas.height = Math.max(1, Math.round(scale * picture.height));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
}

// Blue, green, red for 0 to 255.
function heatColor(value) {
  return [3, 2, 1].map((peak) => 255 * Math.min(1, Math.max(0, 1.5 - Math.abs(4 * value / 255 - peak))));
}

// Grad-CAM: the most probable classes, and the places that speak for one of them.
function tryGradCAM(kind, about) {
  const canvas = element("canvas", { className: "photo", width: 1, height: 1, role: "img", ariaLabel: "The photograph with its heat map", hidden: true });
  const slider = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: 0.45, ariaLabel: "Strength of the heat map" });
  const strength = element("label", { hidden: true }, "Heat map ", slider);
  const guesses = element("div", { className: "bars" });
  const say = says();
  let [picture, answer, chosen] = [null, null, 0];
  const paintAll = () => {
    canvas.hidden = strength.hidden = !picture;
    if (!picture) return;
    drawPicture(canvas, picture, 640);
    if (!answer) return;
    const heat = element("canvas", { width: answer.width, height: answer.height });
    const image = heat.getContext("2d").createImageData(answer.width, answer.height);
    bytes(answer.guesses[chosen].heat).forEach((value, place) => image.data.set([...heatColor(value), 255], 4 * place));
    heat.getContext("2d").putImageData(image, 0, 0);
    const context = canvas.getContext("2d");
    Object.assign(context, { globalAlpha: Number(slider.value), imageSmoothingQuality: "high" });
    context.drawImage(heat, 0, 0, canvas.width, canvas.height);
  };
  const choose = (number) => {
    chosen = number;
    [...guesses.querySelectorAll("button")].forEach((button, index) => button.setAttribute("aria-pressed", String(index === number)));
    say.textContent = answer.guesses[number].sentence;
    paintAll();
  };
  const show = async (file, shown) => {
    [picture, answer] = [shown, null];
    guesses.replaceChildren();
    say.textContent = "The network looks.";
    paintAll();
    try {
      answer = await ask("try/gradcam", file);
    } catch (error) {
      say.textContent = error.message;
      return;
    }
    guesses.replaceChildren(...answer.guesses.flatMap((guess, index) => [
      element("button", { type: "button", onclick: () => choose(index) }, guess.name),
      element("div", { style: `width: ${Math.max(0.3, 100 * guess.probability)}%` }),
      element("span", {}, `${(100 * guess.probability).toFixed(1)}%`),
    ]));
    choose(0);
  };
  slider.addEventListener("input", paintAll);
  say.textContent = "Drop a photograph, and see what the network takes it for and which places speak for that.";
  return [...photographs(about.photographs, show), element("div", { className: "columns" }, canvas, element("div", {}, guesses, strength)), say];
}

// DeepDream: the program of section 8.2, watched while it dreams.
function tryDream(kind, about) {
  const program = "chapter8-deepdream";
  const select = (label, options) => element("label", {}, `${label} `,
    element("select", {}, ...options.map(([value, text]) => element("option", { value }, text))));
  const number = (label, value, max) => element("label", {}, `${label} `, element("input", { type: "number", min: 1, max, value }));
  const layer = select("layer", [["", "the mix that suits"], ...about.layers.map((one, index) =>
    [one.name, one.name + (index === 0 ? " (shallow)" : index === about.layers.length - 1 ? " (deep)" : "")])]);
  const size = select("size", [["240", "small"], ["350", "the book's"], ["500", "large"]]);
  size.querySelector("select").value = "350";
  const octaves = number("octaves", 3, 5);
  const steps = number("steps", 20, 50);
  const canvas = element("canvas", { className: "photo", width: 1, height: 1, role: "img", ariaLabel: "The photograph", hidden: true });
  const dream = element("div", { className: "dream", hidden: true });
  const say = says();
  let file = null;
  const value = (label) => label.querySelector("select, input").value;
  const start = element("button", {
    type: "button", className: "start", onclick: async () => {
      if (!file) { say.textContent = "Drop or choose a photograph first."; return; }
      try {
        const choice = { layer: value(layer), octaves: value(octaves), steps: value(steps), size: value(size) };
        await ask(`dream?${new URLSearchParams(choice)}`, file);
        dream.replaceChildren();
        say.textContent = "Under way.";
      } catch (error) {
        say.textContent = error.message;
      }
    },
  }, "Dream");

  // One picture after the other: while one is on its way only the latest of the next is kept.
  let [loading, next, last] = [false, null, null];
  const look = (address) => {
    if (loading) { next = address; return; }
    loading = true;
    const image = element("img", { alt: "The dream" });
    image.onload = image.onerror = (event) => {
      loading = false;
      if (event.type === "load") {
        dream.hidden = false;
        dream.replaceChildren(element("button", { type: "button", className: "zoom", ariaLabel: "Enlarge: the dream" }, image));
      }
      if (next) { const address = next; next = null; look(address); }
    };
    image.src = address;
  };
  const heard = () => {
    if (state.program !== program || !state.command?.includes(" --live")) return;
    const latest = state.events.at(-1);
    if (!latest || latest === last) return;
    last = latest;
    if (latest.kind === "progress") look(`results/${program}/now.png?${Date.now()}`);
    if (latest.kind === "end") look(`results/${program}/dream.png?${Date.now()}`);
    say.textContent = latest.kind === "end" ? "This is the dream; click on it, or press Enter, to enlarge it."
      : state.phase === "idle" ? state.ending ?? "" : sentence(latestStep());
  };
  addEventListener("heard", heard);
  heard();
  if (!say.textContent) say.textContent = "Drop a photograph and press Dream. A shallow layer draws strokes all over, a deep one puts things where there was something already.";
  return [
    ...photographs(about.photographs, (sent, shown) => {
      file = sent;
      canvas.hidden = !shown;
      if (shown) drawPicture(canvas, shown, 640);
      say.textContent = "Press Dream, and watch.";
    }),
    element("div", { className: "run" }, layer, octaves, steps, size, start),
    element("div", { className: "columns" }, canvas, dream), say];
}
