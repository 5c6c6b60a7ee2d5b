"use strict";
// Starts programs, and draws how their trainings go while they go.

const state = { phase: "idle", program: null, events: [], before: [], lines: [], results: [] };
let drawing = false;

addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form.run")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form.dataset.run, form);
    });
  }
  listen();
});

// Asks the server for something, or sends it a photograph; what it refuses is thrown as an error with the server's sentence.
async function ask(path, question) {
  const isFile = question instanceof Blob;
  const options = question === undefined ? {} : {
    method: "POST", headers: { "Content-Type": isFile ? "application/octet-stream" : "application/json" },
    body: isFile ? question : JSON.stringify(question),
  };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The gallery does not answer: is it still running?");
  }
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error), { program: answer.program });
  return answer;
}

async function run(program, form) {
  const request = { program };
  if (form) {
    if (form.elements.quick.checked) request.quick = true;
    if (form.elements.seed.value !== "") request.seed = Number(form.elements.seed.value);
    if (form.elements.epochs.value !== "") request.epochs = Number(form.elements.epochs.value);
  }
  try {
    await ask("run", request);
  } catch (error) {
    const panel = panelOf(program);
    panel.hidden = false;
    panel.replaceChildren(element("p", { className: "warning" }, error.message));
  }
}

async function stop() { try { await ask("stop", {}); } catch { /* It has ended by itself. */ } }

function listen() {
  const source = new EventSource("events");
  source.onmessage = (message) => {
    const news = JSON.parse(message.data);
    const wasAt = state.phase;
    state.phase = news.phase;
    state.ending = news.ending;
    switch (news.kind) {
      case "snapshot":
        if (state.program && state.program !== news.program) panelOf(state.program).hidden = true;
        Object.assign(state, {
          chosen: state.program === news.program && news.phase === "idle" ? state.chosen : null, program: news.program, command: news.command, events: news.events, lines: news.lines,
          before: news.before, book: news.book, results: news.results,
        });
        break;
      case "event": take(news.event); break;
      case "line":
        state.lines.push(news.line);
        if (state.lines.length > 200) state.lines.shift();
        break;
    }
    if (wasAt !== "idle" && state.phase === "idle" && state.program) refresh(state.program);
    dispatchEvent(new CustomEvent("heard"));
    draw();
  };
}

// Within an epoch only the latest counts, as on the server.
function take(event) {
  const last = state.events.at(-1);
  if (last?.kind === "step" && (event.kind === "step" || event.kind === "epoch")) state.events.pop();
  state.events.push(event);
}

// Shows the figures and numbers of a run that has ended.
async function refresh(program) {
  const response = await fetch(`exhibit/${program}`);
  if (!response.ok) return;
  document.querySelector(`#${program} .results`).innerHTML = await response.text();
  dispatchEvent(new CustomEvent("trained", { detail: program }));
}

function panelOf(program) { return document.querySelector(`#${program} .watch`); }

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawNow();
  });
}

function drawNow() {
  const isBusy = state.phase !== "idle";
  for (const button of document.querySelectorAll("button.start")) button.disabled = isBusy;
  const now = document.getElementById("now");
  now.hidden = !isBusy;
  if (isBusy) {
    now.replaceChildren(element("a", { href: `#${state.program}` }, state.program), ` is ${state.phase}.`);
  }
  if (!state.program) return;
  const panel = panelOf(state.program);
  panel.hidden = false;
  if (!panel.querySelector(".charts")) panel.replaceChildren(...skeleton());
  const part = (name) => panel.querySelector(name);

  const latest = latestStep();
  part(".head p").textContent = sentence(latest);
  const button = part(".stop");
  button.hidden = !isBusy;
  button.textContent = state.phase === "stopping" ? "End at once" : "Stop, and keep what was learned";
  part(".bar").hidden = !isBusy;
  part(".bar div").style.width = `${100 * share(latest)}%`;

  const pictures = charts();
  // Only when they change: a button that is made anew loses the keyboard.
  const key = `${trainings().map((_, index) => nameOf(index + 1))} ${trainings().length} ${shownTraining()}`;
  if (part(".trainings").dataset.key !== key) {
    part(".trainings").dataset.key = key;
    part(".trainings").replaceChildren(...choices());
  }
  part(".charts").replaceChildren(...pictures.svgs);
  part(".legend").replaceChildren(...pictures.legend);
  part(".changes").replaceChildren(...changes());
  const text = state.lines.join("\n");
  if (part("pre").textContent !== text) {
    part("pre").textContent = text;
    part("pre").scrollTop = 1e6;
  }
}

function skeleton() {
  return [
    element("div", { className: "head" },
      element("p", { role: "status" }),
      element("button", { type: "button", className: "stop", onclick: stop })),
    element("div", { className: "bar" }, element("div")),
    element("div", { className: "trainings buttons" }),
    element("div", { className: "charts" }),
    element("p", { className: "legend" }),
    element("div", { className: "changes" }),
    element("details", {}, element("summary", {}, "What the program says"), element("pre")),
  ];
}

function latestStep() {
  return state.events.findLast((event) => ["step", "epoch", "progress", "training"].includes(event.kind));
}

function sentence(latest) {
  if (state.phase === "idle") return state.ending ?? "";
  if (state.phase === "building") return `${state.program} is being built first: its sources are newer.`;
  if (state.phase === "stopping") return "Stopping, after the step under way.";
  if (!latest) return state.events.some((event) => event.kind === "data") ? "Under way." : "Reading the data.";
  if (latest.kind === "progress") return `${latest.step} of ${latest.steps} ${latest.text}.`;
  const number = latest.training > 1 ? `Training ${latest.training}: ` : "";
  return `${number}epoch ${Math.max(latest.epoch ?? 1, 1)} of ${latest.epochs}, step ${latest.step ?? latest.steps} of ${latest.steps}.`;
}

function share(latest) {
  if (!latest || latest.kind === "training") return 0;
  if (latest.kind === "progress") return latest.step / latest.steps;
  if (latest.kind === "epoch") return latest.epoch / latest.epochs;
  return (latest.epoch - 1 + latest.step / latest.steps) / latest.epochs;
}

// The curves of one training among events: { loss: [[x, y], ...], val_loss: ... }.
function curves(events, training) {
  const found = {};
  for (const event of events) {
    let x = null;
    if (event.kind === "progress" && training === 0) x = event.step;
    else if (event.training === training && event.kind === "epoch") x = event.epoch;
    else if (event.training === training && event.kind === "step") x = event.epoch - 1 + event.step / event.steps;
    if (x === null) continue;
    for (const [name, value] of Object.entries(event.values ?? {})) (found[name] ??= []).push([x, value]);
  }
  return found;
}

// The measurements with the loss first: at most four charts.
function measurements(found) {
  const names = [...new Set(Object.keys(found).map((name) => name.replace(/^val_/, "")))].filter((name) => name !== "lr");
  return names.sort((a, b) => (b === "loss") - (a === "loss")).slice(0, 4);
}

// The number of epochs of each training so far: [20, 4].
function trainings() {
  const counts = [];
  for (const event of state.events) {
    if (event.kind === "training") counts[event.training - 1] = 0;
    if (event.kind === "epoch") counts[event.training - 1] = event.epoch;
  }
  return counts;
}

// The training that is drawn: the one that was chosen, else the one under way, and at the end the longest.
function shownTraining() {
  const counts = trainings();
  if (state.chosen) return state.chosen;
  return state.phase === "idle" ? counts.indexOf(Math.max(...counts)) + 1 : counts.length;
}

// Under which name the program keeps the curves of a training. It tells that at the training's end; before, the run
// before knows.
function historyOf(training) {
  const named = (events) => events.find((event) => event.kind === "history" && event.training === training)?.text;
  return named(state.events) ?? named(state.before) ?? (training === 1 ? "history" : null);
}

// Buttons to choose a training where a program has several.
function choices() {
  const counts = trainings();
  if (counts.length < 2 || counts.length > 12) return [];
  return counts.map((count, index) => element("button", {
    type: "button", ariaPressed: String(shownTraining() === index + 1),
    onclick: () => { state.chosen = index + 1; draw(); },
  }, `Training ${index + 1}${nameOf(index + 1)}`));
}

// What tells a training from the others: "history-smaller" is the one of "smaller".
function nameOf(training) {
  const name = historyOf(training)?.replace(/^history-?/, "");
  return name ? `: ${name}` : "";
}

const titles = { acc: "accuracy", mae: "mean absolute error" };

function charts() {
  const isLoop = state.events.some((event) => event.kind === "progress" && event.values && Object.keys(event.values).length > 0);
  const training = isLoop ? 0 : shownTraining();
  const mine = curves(state.events, training);
  const old = curves(state.before, training);
  const book = (state.book?.[historyOf(training)] ?? {});
  const names = measurements(mine);
  const hasBook = names.some((name) => book[name] || book[`val_${name}`]);
  const hasOld = names.some((name) => old[name] || old[`val_${name}`]);
  const hasValidation = names.some((name) => mine[`val_${name}`]);
  const svgs = names.map((name) => chart(titles[name] ?? name, [
    { points: old[name] ?? [], color: "var(--old)", width: 1.5, dashed: true },
    { points: old[`val_${name}`] ?? [], color: "var(--old)", width: 1.5 },
    { points: book[name] ?? [], color: "var(--green)", width: 1.5, dashed: true },
    { points: book[`val_${name}`] ?? [], color: "var(--green)", width: 1.5 },
    { points: mine[name] ?? [], color: "var(--blue)", dots: !isLoop },
    { points: mine[`val_${name}`] ?? [], color: "var(--orange)" },
  ]));
  const key = (color, text, dots) => element("span", {}, element("i", { className: dots ? "dots" : "", style: `border-color: ${color}` }), text);
  const legend = names.length === 0 ? [] : [
    key("var(--blue)", isLoop ? "this run" : "training", !isLoop),
    ...(hasValidation ? [key("var(--orange)", "validation")] : []),
    ...(hasOld ? [key("var(--old)", "the run before")] : []),
    ...(hasBook ? [key("var(--green)", "the book (dashed: training)")] : []),
  ];
  return { svgs, legend };
}

function changes() {
  // Without a run before, the results below say the same.
  if (state.phase !== "idle" || !state.results?.some((result) => result.before !== "–")) return [];
  const row = (tag, cells) => element("tr", {}, ...cells.map((cell, index) =>
    element(tag, { className: index ? "number" : "" }, cell)));
  return [element("div", { className: "scroll" }, element("table", {},
    element("thead", {}, row("th", ["what", "book", "the run before", "this run"])),
    element("tbody", {}, ...state.results.map((result) => row("td", [result.name, result.book, result.before, result.here])))))];
}
