#!/usr/bin/env bash
# Prints the kit's start page: Sources/Kit/start-page.sh FOLDER "WHAT DATA IS THERE".
set -euo pipefail
kit=$1
escape() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }
cat <<'HTML'
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deep Learning with Swift: a workshop without network</title>
<style>
:root { color-scheme: light dark; }
/* On a projector the letters grow with the window. */
html { font: clamp(17px, 1.15vw, 30px)/1.5 system-ui, "DejaVu Sans", sans-serif; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; }
p { max-width: 60rem; }
code, pre { font-size: .95em; }
code { white-space: nowrap; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.chapters { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
article { border-top: 2px solid #888; padding-top: .5rem; }
article h3 { margin: 0 0 .25rem; font-size: 1.05rem; }
article p { margin: .25rem 0; }
img { width: 100%; height: 11rem; object-fit: contain; background: #fff; }
</style>
</head>
<body>
<h1>Deep Learning with Swift</h1>
<p>The worked examples of François Chollet's <cite>Deep Learning with Python</cite>, ready to run: no network, no installation. Open a terminal in this
folder and type <code>./run</code>, which asks what to run, or one of the commands below. Add <code>--quick</code> for a rehearsal in seconds, or
<code>--help</code>. Each program writes figures and a page, <code>report.html</code>, into <code>output</code> of the folder that you are in.</p>
<p><code>./run gallery</code> shows all of it in a browser at <a href="http://127.0.0.1:8080">127.0.0.1:8080</a>: to read, to run, and to try what was learned.</p>
HTML
echo "<pre>$(escape < "$kit/kit.txt")</pre>"
echo '<h2>The chapters</h2><div class="chapters">'
while IFS=$'\t' read -r program section what time; do
  figure=$(cd "$kit" && ls "sources/Chapters/$program/figures/"*.png 2> /dev/null | head -n 1 || true)
  # "What it learns" is "nothing: it shows ..." for two chapters; here the second half is enough.
  what=${what#nothing: }
  echo "<article><h3>$section: $(escape <<< "$what")</h3>"
  echo "<p><code>./run $program</code> ($(escape <<< "$time"))</p>"
  [ -z "$figure" ] || echo "<a href=\"$figure\"><img src=\"$figure\" alt=\"A figure of $program\" loading=\"lazy\"></a>"
  echo "<p><a href=\"sources/Chapters/$program/README.md\">more about $section</a></p></article>"
done < "$kit/chapters.txt"
cat <<'HTML'
</div>
<h2>For the teacher</h2>
<p>An hour's plan for each chapter, with answers: <a href="sources/docs/Workshop.md">docs/Workshop.md</a>. Without official data a program runs on a
stand-in and says so. The data sets have licences of their own, named in <a href="data/manifest.json">manifest.json</a>; some may not be passed on.</p>
<h2>Changing the programs</h2>
<p>That needs <a href="https://www.swift.org/install/linux">Swift 6.1</a> on each machine. What else it needs lies in
<code>packages</code>:</p>
<pre>sudo packages/install
cp -R sources ~/gallery &amp;&amp; cd ~/gallery
DLWP_DATA=$OLDPWD/data swift run chapter3-imdb</pre>
<h2>The data that is here</h2>
HTML
echo "<pre>$(escape <<< "$2")</pre>"
printf '</body>\n</html>\n'
