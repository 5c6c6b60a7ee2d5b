"use strict";
// What the page can do by itself: its contents, and figures in full size.

addEventListener("DOMContentLoaded", () => {
  const menu = document.getElementById("menu");
  const contents = document.getElementById("contents");
  const open = (isOpen) => {
    contents.classList.toggle("open", isOpen);
    menu.setAttribute("aria-expanded", String(isOpen));
  };
  menu.addEventListener("click", () => open(!contents.classList.contains("open")));
  contents.addEventListener("click", (event) => { if (event.target.closest("a")) open(false); });

  // Which program is on the screen.
  const links = new Map([...contents.querySelectorAll("li li a")].map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      links.get(entry.target.id)?.classList.toggle("here", entry.isIntersecting);
    }
  }, { rootMargin: "-30% 0px -65% 0px" });
  for (const article of document.querySelectorAll("article")) watcher.observe(article);

  // A figure over the whole window: arrows go on, Escape goes back.
  const zoom = document.getElementById("zoom");
  let shown = null;
  const show = (button) => {
    const image = button.querySelector("img");
    shown = button;
    zoom.querySelector("img").src = image.src;
    zoom.querySelector("img").alt = image.alt;
    zoom.querySelector("p").textContent = image.alt;
    if (!zoom.open) zoom.showModal();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.zoom");
    if (button) show(button);
    else if (event.target.closest("#zoom")) zoom.close();
  });
  zoom.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...document.querySelectorAll("button.zoom")];
    show(all[(all.indexOf(shown) + step + all.length) % all.length]);
  });
});

// Makes an element: element("p", { className: "quiet" }, "text", other).
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
