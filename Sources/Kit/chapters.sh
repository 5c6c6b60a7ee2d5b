#!/bin/sh
# Prints a line for each chapter out of the first page's table: program, section, what it learns, how long, with tabs between.
cd "$(dirname "$0")/../.." || exit 1
tab=$(printf '\t')
sed -n -E "s/^\| \[\`(chapter[^\`]*)\`\]\([^)]*\) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/\1$tab\2$tab\3$tab\4/p" README.md
