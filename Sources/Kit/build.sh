#!/usr/bin/env bash
# Puts a workshop for machines without network into one folder, for a stick: `make kit`, or
#
#   Sources/Kit/build.sh FOLDER [DEBIAN PACKAGE...]
#
# Programs that need no Swift, the last commit's sources with the packages they use, the data and weights that are on this machine, the Debian
# packages, a start page and `run`. Data is taken from data/ and data/downloads of the checkout, and from the folder that
# DLWP_DATA names. An earlier kit in the folder is replaced when the new one is whole.
set -euo pipefail
fail() { echo "$*" >&2 && exit 1; }
[ $# -ge 1 ] && [ -n "$1" ] || fail "Usage: $0 FOLDER [DEBIAN PACKAGE...]"
kit=$1 && shift
cd "$(dirname "$0")/../.."
if [ -e "$kit" ] && [ ! -e "$kit/kit.txt" ] && [ -n "$(ls -A "$kit")" ]; then
  fail "$kit holds something else: name a folder that is new, empty or an earlier kit."
fi
[ "$(uname -sm)" = "Linux x86_64" ] || fail "The kit's programs are for Linux on x86-64, and can only be built there."
mkdir -p "$kit" && kit=$(cd "$kit" && pwd)
# On the same file system, so that it can take the old one's place at once.
new=$kit/unfinished
rm -rf "$new" && mkdir "$new"
trap 'rm -rf "$new"' EXIT

# MARK: programs

# Found beside each other and beside lib/ wherever the stick is mounted. Old-fashioned tags hold for what libraries load, too.
build=(--scratch-path .build-kit --static-swift-stdlib -Xlinker -rpath -Xlinker '$ORIGIN/../lib'
  -Xlinker --disable-new-dtags -Xlinker "-L$PWD/.build-kit/link")
# The gallery's server imports Foundation's network part, which asks for libcurl under a name that only developers' packages have. The
# library itself is here, as Swift needs it.
curl=$(PATH=$PATH:/sbin ldconfig -p | sed -n 's/^[[:space:]]*libcurl\.so\.4 .*=> //p' | head -n 1)
[ -n "$curl" ] || fail "libcurl.so.4 is missing, which Swift needs: install libcurl4."
mkdir -p .build-kit/link && ln -sf "$curl" .build-kit/link/libcurl.so
export DLWP_PORTABLE=1
mapfile -t programs < <(ls Chapters)
for more in fetch-data gallery; do
  ! grep -q "name: \"$more\"" Package.swift || programs+=("$more")
done
echo "building the programs"
swift build "${build[@]}" > "$new/log.txt" 2>&1 || {
  tail -n 20 "$new/log.txt" >&2 && fail "The programs could not be built."
}
rm "$new/log.txt"
built=$(swift build "${build[@]}" --show-bin-path)
mkdir "$new/programs" "$new/lib"
for program in "${programs[@]}"; do
  cp "$built/$program" "$new/programs/" && strip "$new/programs/$program"
done

# The C library and its loader are those of each machine; all else comes along.
ldd "$new"/programs/* | awk '$2 == "=>" && $3 ~ /^\// { print $1, $3 }' | sort -u |
  while read -r name file; do
    case $name in
      ld-linux* | libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | libresolv.so.*) ;;
      *) cp -L "$file" "$new/lib/$name" ;;
    esac
  done
if ldd "$new"/programs/* | grep 'not found'; then fail "These libraries are missing on this machine."; fi

# Figures need a font and someone who knows where it is.
mkdir "$new/fonts"
font=$(fc-match --format '%{file}' 'DejaVu Sans' 2> /dev/null || true)
[ -e "$font" ] || font=/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
[ -e "$font" ] || fail "The font DejaVu Sans is missing: make setup installs it."
cp "$(dirname "$font")"/DejaVuSans.ttf "$(dirname "$font")"/DejaVuSans-Bold.ttf "$new/fonts/"
cp Sources/Kit/fonts.conf "$new/fonts/"

# MARK: sources

mkdir -p "$new/sources/Packages"
git archive HEAD | tar -x -C "$new/sources"
swift package --scratch-path .build-kit resolve > /dev/null
for package in .build-kit/checkouts/*/; do
  name=$(basename "$package")
  mkdir "$new/sources/Packages/$name"
  tar -C "$package" --exclude=.git -c . | tar -x -C "$new/sources/Packages/$name"
  # Each stands on a line of its own; how its version is given differs.
  sed -i -E "s#\.package\(url: \"[^\"]*/$name(\.git)?\".*#.package(path: \"Packages/$name\"),#" "$new/sources/Package.swift"
done
! grep -n 'url: "http' "$new/sources/Package.swift" || fail "These packages have not been copied."
swift package --package-path "$new/sources" --scratch-path .build-kit dump-package > /dev/null ||
  fail "The sources' Package.swift has been spoilt."

# MARK: data

mkdir "$new/data"
cp data/manifest.json data/boston_housing.* "$new/data/"
# Of an earlier kit, too: something may have been added to it.
for folder in data data/downloads ${DLWP_DATA:+"$DLWP_DATA"} "$kit/data"; do
  [ -d "$folder" ] || continue
  (cd "$folder" && find . -mindepth 1 -maxdepth 1 ! -name cache ! -name downloads ! -name 'manifest.json' -print0) |
    while IFS= read -r -d '' item; do
      [ -e "$new/data/$item" ] || cp -RL "$folder/$item" "$new/data/"
    done
done
chmod -R u+w "$new/data"

# MARK: Debian packages

if [ $# -gt 0 ] && type -P apt-get > /dev/null; then
  mkdir -p "$new/packages/partial"
  # Solved as for a machine on which nothing is installed.
  : > "$new/status"
  echo "fetching Debian packages"
  apt-get install --download-only --yes --no-install-recommends -qq -o Dir::State::status="$new/status" \
    -o Dir::Cache::archives="$new/packages" -o Debug::NoLocking=1 -o APT::Sandbox::User= "$@" > "$new/log.txt" 2>&1 || {
    tail -n 5 "$new/log.txt" >&2 && fail "The Debian packages could not be fetched: apt-get update may help."
  }
  rm -rf "$new/status" "$new/log.txt" "$new/packages/partial" "$new/packages/lock"
  (cd "$new/packages" && for file in *.deb; do
    dpkg-deb --field "$file"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$(stat -c %s "$file")" "$(sha256sum < "$file" | cut -d ' ' -f 1)"
  done > Packages
    printf 'Date: %s\nSHA256:\n %s %s Packages\n' "$(LC_ALL=C date -u '+%a, %d %b %Y %T UTC')" \
      "$(sha256sum < Packages | cut -d ' ' -f 1)" "$(stat -c %s Packages)" > Release)
  sed "s/@PACKAGES@/$*/" Sources/Kit/install > "$new/packages/install" && chmod +x "$new/packages/install"
fi

# MARK: run and the start page

cp Sources/Kit/run "$new/run" && chmod +x "$new/run"
Sources/Kit/chapters.sh > "$new/chapters.txt"
[ -s "$new/chapters.txt" ] || fail "README.md has no table of the chapters."
libc=$(ldd --version | sed -n '1s/.* //p')
release=$(. /etc/os-release && echo "${PRETTY_NAME:-Linux}")
printf 'A workshop without network, made on %s of commit %s.\nPrograms: Linux on x86-64 with AVX2, glibc %s or newer. Packages: %s.\n' \
  "$(date +%F)" "$(git rev-parse --short HEAD)" "$libc" "$release" > "$new/kit.txt"
there=$(DLWP_DATA=$new/data "$new/programs/fetch-data" | sed "s#$new/##g; s#$PWD/##g; s#; .swift run fetch-data.*##")
Sources/Kit/start-page.sh "$new" "$there" > "$new/index.html"

# What people have put beside it, such as results, stays.
for part in "$new"/*; do
  rm -rf "$kit/$(basename "$part")" && mv "$part" "$kit/"
done
du -sh "$kit" | cut -f 1 | sed "s#\$# in $kit. Open index.html, or type $kit/run#"
