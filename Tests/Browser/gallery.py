#!/usr/bin/env python3
"""Tries the gallery's page in a real browser.

    apt-get install chromium
    swift build && Tests/Browser/gallery.py

Starts the gallery on a free port with a fresh folder of results, runs the five programs that can be tried (--quick) from
the page, looks at a photograph and dreams about it, and checks at three widths, light and dark: no error in the console, no request elsewhere, every picture shows,
nothing is wider than the screen, every demo answers, figures can be enlarged with the keyboard, a training is drawn and
can be stopped. Screenshots are left in output/browser. Needs Python 3 and nothing else; not part of `make test`.
"""

import argparse
import base64
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time

PHOTOGRAPH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Chapters/chapter8-deepdream/figures/chelsea.png")
SIZES = [(360, 740), (1280, 800), (1920, 1080)]
TRIED = ["chapter2-mnist", "chapter3-imdb", "chapter5-mnist-convnet", "chapter8-vae", "chapter8-text-generation"]


class Browser:
    """Chromium, spoken to through two pipes: https://chromedevtools.github.io/devtools-protocol"""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp()
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()

        def pipes():
            # The browser reads from descriptor 3 and writes to 4. They may be in each other's way.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--remote-debugging-pipe", "--no-first-run", "--disable-background-networking",
             "--user-data-dir=" + self.folder, "about:blank"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.number, self.answers, self.events = 0, {}, []
        self.arrived = threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(domain + ".enable")

    session = None

    def listen(self):
        rest = b""
        while True:
            piece = os.read(self.input, 1 << 16)
            if not piece:
                return
            *messages, rest = (rest + piece).split(b"\0")
            with self.arrived:
                for message in map(json.loads, messages):
                    if "id" in message:
                        self.answers[message["id"]] = message
                    else:
                        self.events.append(message)
                self.arrived.notify_all()

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        with self.arrived:
            if not self.arrived.wait_for(lambda: number in self.answers, 60):
                raise TimeoutError(method)
            answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def value(self, script):
        """The value of JavaScript; promises are waited for."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(script + ": " + json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def wait(self, script, seconds=60):
        """Waits until JavaScript becomes true."""
        end = time.time() + seconds
        while time.time() < end:
            if self.value(script):
                return True
            time.sleep(0.1)
        return False

    def choose(self, selector, file):
        """Chooses a file as a reader does."""
        field = self.call("Runtime.evaluate", expression=f"document.querySelector({json.dumps(selector)})")["result"]["objectId"]
        self.call("DOM.setFileInputFiles", files=[os.path.abspath(file)], objectId=field)

    def look(self, width, height, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, address):
        self.call("Page.navigate", url=address)
        if not self.wait("document.readyState === 'complete'"):
            raise TimeoutError(address)

    def press(self, key):
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode={"Enter": 13, "Escape": 27, "ArrowRight": 39, "Tab": 9}[key],
                      text="\r" if key == "Enter" and kind == "keyDown" else "")

    def screenshot(self, file, selector=None):
        clip = {}
        if selector:
            box = self.value(f"""(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();
                return [box.left + scrollX, box.top + scrollY, box.width, box.height]; }})()""")
            clip = {"clip": dict(zip(["x", "y", "width", "height"], box), scale=1), "captureBeyondViewport": True}
        data = self.call("Page.captureScreenshot", **clip)["data"]
        with open(file, "wb") as picture:
            picture.write(base64.b64decode(data))

    def complaints(self, address):
        """Errors in the console and requests to other places."""
        found = []
        for event in self.events:
            method, parameters = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                found.append("exception: " + json.dumps(parameters)[:400])
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ["error", "warning", "assert"]:
                found.append("console: " + json.dumps(parameters["args"])[:400])
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ["error", "warning"]:
                found.append("log: " + json.dumps(parameters["entry"])[:400])
            elif method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith((address, "data:", "about:", "blob:")):
                    found.append("request to " + url)
        return found

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Check:
    failures = 0

    def __call__(self, is_right, what):
        print(("  ok  " if is_right else "FAIL  ") + what, flush=True)
        self.failures += not is_right


def start_gallery(program, output):
    process = subprocess.Popen([program, "--port", "0", "--output", output], stdout=subprocess.PIPE, text=True)
    lines = queue.Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    return process, lines.get(timeout=30).split()[-1]


def run(browser, check, program, stop=False):
    """Runs a program from the page by its own form, as a reader does."""
    form = f"document.querySelector('form.run[data-run=\"{program}\"]')"
    browser.value(f"{form}.elements.quick.checked = true; {form}.elements.epochs.value = {1000 if stop else 2}; {form}.requestSubmit()")
    panel = f"document.querySelector('#{program} .watch')"
    check(browser.wait(f"state.program === '{program}' && state.phase !== 'idle'"), f"{program}: starts")
    if stop:
        check(browser.wait(f"{panel}.querySelectorAll('.charts circle').length > 3"), f"{program}: the loss draws itself")
        browser.value(f"{panel}.querySelector('.stop').click()")
    check(browser.wait("state.phase === 'idle'", 600), f"{program}: ends")
    sentence = browser.value(f"{panel}.querySelector('.head p').textContent")
    check(sentence.endswith("kept what it had learned." if stop else "is done."), f"{program}: {sentence}")
    check(browser.wait(f"{panel}.querySelectorAll('.charts svg').length > 0"), f"{program}: has a chart")
    check(browser.wait(f"document.querySelectorAll('#{program} .results img').length > 0"), f"{program}: its figures are there")


def demos(browser, check):
    """Every demo has answered by itself and answers again; the times are told, not judged."""
    for kind in ["review", "dense", "convnet", "plane", "writer", "gradcam", "dream"]:
        panel = f"document.querySelector('[data-try={kind}]')"
        check(browser.wait(f"{panel}.dataset.ready === 'true'"), f"{kind}: can be tried")
        check(browser.wait(f"{panel}.querySelector('.say')?.textContent.length > 20"),
              f"{kind}: " + str(browser.value(f"{panel}.querySelector('.say')?.textContent")))
    questions = {
        "review": "{text: 'A dull film with a wonderful end'}",
        "dense": "{pixels: Array.from({length: 784}, (_, i) => i % 28 === 14 ? 255 : 0)}",
        "convnet": "{pixels: Array.from({length: 784}, (_, i) => i % 28 === 14 ? 255 : 0)}",
        "plane": "{x: 1, y: -1}", "writer": "{text: 'the ', temperature: 0.5}",
    }
    for kind, question in questions.items():
        times = browser.value(f"""(async () => {{ const times = [];
            for (let i = 0; i < 20; i += 1) {{ const start = performance.now(); await ask('try/{kind}', {question}); times.push(performance.now() - start); }}
            return times.sort((a, b) => a - b); }})()""")
        print(f"      {kind}: {times[10]:.1f} ms, at most {times[-1]:.1f} ms")
    browser.value("""(() => { const pad = document.querySelector('[data-try=convnet] canvas.pad');
        pad.dispatchEvent(new KeyboardEvent('keydown', {key: '7'})); })()""")
    browser.value("""(() => { const plane = document.querySelector('canvas.plane'); const box = plane.getBoundingClientRect();
        plane.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + 60, clientY: box.top + 60})); })()""")
    check(browser.wait("document.querySelector('[data-try=plane] .say').textContent.includes('(-')"), "plane: follows the mouse")
    browser.value("document.querySelector('[data-try=writer] button').click()")
    check(browser.wait("document.querySelector('.written').textContent.length > 40"), "writer: goes on writing")
    browser.value("document.querySelector('[data-try=writer] button').click()")


def looks(browser, check, where=""):
    """Grad-CAM looks at a photograph."""
    panel = "document.querySelector('[data-try=gradcam]')"
    browser.choose("[data-try=gradcam] input[type=file]", PHOTOGRAPH)
    check(browser.wait(f"{panel}.querySelectorAll('.bars button').length === 5"), f"{where}gradcam: five classes")
    check(browser.value(f"{panel}.querySelector('canvas').height > 100"), f"{where}gradcam: the photograph shows")


def photographs(browser, check):
    """Both demos with a photograph: classes and their heat maps; a dream that is watched, and one that is stopped."""
    looks(browser, check)
    panel = "document.querySelector('[data-try=gradcam]')"
    first = browser.value(f"{panel}.querySelector('canvas').toDataURL()")
    browser.value(f"{panel}.querySelectorAll('.bars button')[1].click()")
    check(browser.value(f"{panel}.querySelector('.bars button[aria-pressed=true]') === {panel}.querySelectorAll('.bars button')[1]"),
          "gradcam: another class is chosen")
    browser.value(f"{{ const range = {panel}.querySelector('input[type=range]'); range.value = 0; range.dispatchEvent(new Event('input')); }}")
    check(browser.value(f"{panel}.querySelector('canvas').toDataURL()") != first, "gradcam: the heat map can be taken off")
    browser.value(f"{panel}.querySelectorAll('.bars button')[0].click()")
    browser.value(f"{{ const range = {panel}.querySelector('input[type=range]'); range.value = .45; range.dispatchEvent(new Event('input')); }}")
    check(len(browser.value(f"{panel}.querySelector('.say').textContent")) > 40,
          "gradcam: " + browser.value(f"{panel}.querySelector('.say').textContent"))

    times = browser.value(f"""(async () => {{ const times = [];
        const blob = await new Promise((done) => {panel}.querySelector('canvas').toBlob(done));
        for (let i = 0; i < 9; i += 1) {{ const start = performance.now(); await ask('try/gradcam', blob); times.push(performance.now() - start); }}
        return times.sort((a, b) => a - b); }})()""")
    print(f"      gradcam: {times[4]:.1f} ms, at most {times[-1]:.1f} ms")

    panel = "document.querySelector('[data-try=dream]')"
    browser.choose("[data-try=dream] input[type=file]", PHOTOGRAPH)
    check(browser.wait(f"!{panel}.querySelector('canvas').hidden"), "dream: the photograph shows")
    for steps, octaves in [(8, 3), (50, 5)]:
        browser.value(f"{{ const [octaves, steps] = {panel}.querySelectorAll('input[type=number]'); octaves.value = {octaves}; steps.value = {steps}; }}")
        # Shallow layers answer at random too.
        browser.value(f"{{ const [layer] = {panel}.querySelectorAll('select'); layer.selectedIndex = 1; {panel}.querySelector('button.start').click(); }}")
        check(browser.wait("state.program === 'chapter8-deepdream' && state.phase === 'running'"), "dream: begins")
        check(browser.wait(f"{panel}.querySelector('img')?.src.includes('now.png')", 120), "dream: can be watched")
        if steps == 50:
            browser.value("document.querySelector('#chapter8-deepdream .stop').click()")
        check(browser.wait("state.phase === 'idle'", 300) and browser.wait(f"{panel}.querySelector('img')?.src.includes('dream.png')"),
              "dream: ends, " + str(browser.value("state.ending")))


def several(browser, check):
    """Each of several trainings has its name and the book's curve."""
    run(browser, check, "chapter4-overfitting")
    names = browser.value("[...document.querySelectorAll('#chapter4-overfitting .trainings button')].map((one) => one.textContent)")
    check(names[1:3] == ["Training 2: smaller", "Training 3: bigger"], f"chapter4-overfitting: {names}")
    browser.value("document.querySelectorAll('#chapter4-overfitting .trainings button')[1].click()")
    check(browser.wait("document.querySelector('#chapter4-overfitting .legend').textContent.includes('the book')"),
          "chapter4-overfitting: the book's curve stands beside the second training")


def shows(browser, check, where):
    """Every picture shows, and nothing is wider than the screen."""
    browser.value("for (const image of document.images) image.loading = 'eager'")
    check(browser.wait("[...document.images].every((image) => image.complete)"), f"{where}: pictures come")
    broken = browser.value("[...document.querySelectorAll('main img')].filter((image) => !image.naturalWidth).map((image) => image.src)")
    check(broken == [], f"{where}: every picture shows {broken or ''}")
    wide = browser.value("""[...document.querySelectorAll('main *')].filter((one) => !one.closest('.scroll') && !one.closest('svg') &&
        one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.tagName + '.' + one.className)""")
    check(wide == [] and browser.value("document.documentElement.scrollWidth <= innerWidth"), f"{where}: nothing is wider {wide or ''}")


def keyboard(browser, check, address):
    browser.value("document.querySelector('button.zoom').focus()")
    browser.press("Enter")
    check(browser.wait("document.getElementById('zoom').open"), "keyboard: Enter enlarges a figure")
    first = browser.value("document.querySelector('#zoom p').textContent")
    browser.press("ArrowRight")
    check(browser.value("document.querySelector('#zoom p').textContent") != first, "keyboard: the arrow goes on")
    browser.press("Escape")
    check(browser.wait("!document.getElementById('zoom').open"), "keyboard: Escape goes back")
    browser.open(address)
    browser.press("Tab")
    check(browser.value("document.activeElement.matches('.skip, nav a')"), "keyboard: Tab begins at the top")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gallery", default=".build/debug/gallery", help="the program")
    parser.add_argument("--browser", default=shutil.which("chromium") or shutil.which("google-chrome"), help="Chromium")
    parser.add_argument("--screenshots", default="output/browser", help="the folder for screenshots")
    parser.add_argument("--results", help="a folder of results to show, instead of a fresh one")
    options = parser.parse_args()
    if not options.browser:
        sys.exit("There is no Chromium: apt-get install chromium.")
    os.makedirs(options.screenshots, exist_ok=True)
    folder = options.results or tempfile.mkdtemp()
    gallery, address = start_gallery(options.gallery, folder)
    browser, check = Browser(options.browser), Check()
    try:
        browser.look(1280, 800, False)
        browser.open(address)
        if not options.results:
            for program in TRIED:
                run(browser, check, program)
            run(browser, check, "chapter3-imdb", stop=True)
            browser.screenshot(f"{options.screenshots}/run.png", "#chapter3-imdb")
            run(browser, check, "chapter3-imdb")
            several(browser, check)
            browser.screenshot(f"{options.screenshots}/several.png", "#chapter4-overfitting")
            browser.open(address)
        demos(browser, check)
        photographs(browser, check)
        for name in ["chapter3-imdb", "chapter5-mnist-convnet", "chapter8-vae", "chapter8-text-generation", "chapter5-visualizing", "chapter8-deepdream"]:
            browser.screenshot(f"{options.screenshots}/{name}.png", "#" + name)
        keyboard(browser, check, address)
        for width, height in SIZES:
            for dark in [False, True]:
                browser.look(width, height, dark)
                browser.open(address)
                browser.wait("document.querySelectorAll('[data-ready=true] .say:not(:empty)').length >= 4", 10)
                name = f"{width}-{'dark' if dark else 'light'}"
                looks(browser, check, name + ": ")
                browser.wait("document.querySelector('.dream img')?.complete", 10)
                shows(browser, check, name)
                browser.value("scrollTo(0, 0)")
                browser.screenshot(f"{options.screenshots}/{name}.png")
                browser.screenshot(f"{options.screenshots}/{name}-imdb.png", "#chapter3-imdb")
                for kind in ["gradcam", "dream"]:
                    browser.screenshot(f"{options.screenshots}/{name}-{kind}.png", f"[data-try={kind}]")
        subprocess.run([options.gallery, "page", "--output", folder], check=True, stdout=subprocess.DEVNULL)
        static = "file://" + os.path.abspath(folder) + "/gallery/index.html"
        complaints = browser.complaints(address)
        browser.events = []
        browser.look(1280, 800, False)
        browser.open(static)
        shows(browser, check, "the static page")
        complaints += browser.complaints("file://")
        check(complaints == [], "no error in the console, no request elsewhere " + "; ".join(complaints[:5]))
    finally:
        browser.close()
        gallery.terminate()
        gallery.wait(timeout=60)
        if not options.results:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{check.failures} failures; screenshots in {options.screenshots}")
    sys.exit(min(check.failures, 1))


if __name__ == "__main__":
    main()
