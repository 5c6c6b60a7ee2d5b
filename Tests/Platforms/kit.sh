#!/usr/bin/env bash
# Tries a kit as a participant would: in a bare Debian without network, the kit in a folder that may only be read.
#
#   Tests/Platforms/kit.sh output/kit
#   RELEASE=trixie Tests/Platforms/kit.sh output/kit
#   Tests/Platforms/kit.sh output/kit build      # also installs its Debian packages there and builds its sources
#
# Needs root, the Debian package debootstrap and 2 GB under TMPDIR, 6 to build. The system comes from the mirror that apt
# uses here, or from MIRROR; Swift, for building, is this machine's own, read only. With KEEP=1 the system stays, and is used
# again the next time.
set -euo pipefail
fail() { echo "$*" >&2 && exit 1; }
[ $# -ge 1 ] && [ -e "$1/kit.txt" ] || fail "Usage: $0 KIT [build]; make kit makes one in output/kit."
[ "$(id -u)" = 0 ] || fail "Only root can set up a system in a folder: sudo env PATH=\"\$PATH\" $0 $*"
for program in debootstrap ip unshare; do
  type -P "$program" > /dev/null || fail "$program is missing: install it (debootstrap, iproute2, util-linux)."
done
kit=$(realpath "$1")
release=${RELEASE:-bookworm}
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)}
[ -n "$mirror" ] || fail "apt knows no mirror of Debian here: name one in MIRROR."
if [ "${KEEP-}" = 1 ]; then
  root=${TMPDIR:-/tmp}/deep-learning-kit-$release
else
  root=$(mktemp -d)
  trap 'rm -rf --one-file-system "$root"' EXIT
fi

if [ ! -e "$root/complete" ]; then
  rm -rf --one-file-system "$root" && mkdir -m 755 "$root"
  debootstrap --variant=minbase "$release" "$root" "$mirror" > "$root.log" 2>&1 || {
    tail -n 5 "$root.log" >&2 && fail "The bare system could not be set up."
  }
  rm "$root.log" && touch "$root/complete"
fi
rm -rf "$root/home/guest"
mkdir -p "$root/media/a stick" "$root/home/guest" "$root/toolchain"
chown 1000:1000 "$root/home/guest"
toolchain=/
if [ "${2-}" = build ]; then
  toolchain=$(dirname "$(dirname "$(realpath "$(type -P swift)")")")
  [ "$toolchain" != /usr ] || fail "Swift lies in /usr, among this system's own files: unpack it into a folder of its own."
fi

# Runs a command in the system, as a user without rights or as root: without network but the loopback, which every machine has and
# which Foundation needs to wait for a program that it has started.
inside() {
  local user=$1 && shift
  unshare --mount --pid --net --fork --kill-child bash -euc '
    root=$1 kit=$2 toolchain=$3 user=$4 && shift 4
    ip link set lo up
    mount --bind "$kit" "$root/media/a stick" && mount -o remount,bind,ro "$root/media/a stick"
    if [ "$toolchain" != / ]; then mount --bind "$toolchain" "$root/toolchain" && mount -o remount,bind,ro "$root/toolchain"; fi
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev"
    exec chroot --userspec="$user" "$root" env --ignore-environment HOME=/home/guest LANG=C.UTF-8 \
      PATH=/toolchain/usr/bin:/toolchain/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -euc "cd /home/guest && exec \"\$@\"" -- "$@"
  ' -- "$root" "$kit" "$toolchain" "$user" "$@"
}
guest() { inside 1000:1000 "$@"; }
run='/media/a stick/run'

interfaces=$(guest sh -c 'tail -n +3 /proc/net/dev | cut -d : -f 1 | tr -d " "')
[ "$interfaces" = lo ] || fail "There is a network in the bare system: $interfaces"

for time in first second; do
  begin=$(date +%s%N)
  guest "$run" chapter3-imdb --no-progress > "$root/home/guest/words" 2>&1 || { cat "$root/home/guest/words" >&2 && exit 1; }
  echo "./run chapter3-imdb, the $time time: $(( ($(date +%s%N) - begin) / 1000000 )) ms, the system's start included"
done
grep -E '^data: |test accuracy' "$root/home/guest/words"
! grep -i 'fontconfig\|error' "$root/home/guest/words" || fail "It complained."
! grep -q 'no seeds' "$root/home/guest/words" || fail "It does not find the results of other seeds, by which it is judged."
for file in report.html metrics.json loss.png; do
  [ -s "$root/home/guest/output/chapter3-imdb/$file" ] || fail "$file is missing."
done
[ -z "${KEEP_FIGURE-}" ] || cp "$root/home/guest/output/chapter3-imdb/loss.png" "$KEEP_FIGURE"

echo "2 --quick --no-progress" | guest "$run" > "$root/home/guest/words" 2>&1 || fail "The menu does not run its second line."
grep -q 'chapter3-imdb, section 3.4' "$root/home/guest/words" || fail "The menu runs another program than its second."
guest "$run" gallery page > "$root/home/guest/words" 2>&1 || { cat "$root/home/guest/words" >&2 && fail "The gallery writes no page."; }
grep -q 'chapter8-gan' "$root/home/guest/output/gallery/index.html" || fail "The gallery's page is not in output/ where it was started."
[ "$(grep -o 'src="data:image' "$root/home/guest/output/gallery/index.html" | wc -l)" -gt 20 ] || fail "The gallery does not find the chapters' figures."
! guest "$run" chapter0-none > "$root/home/guest/words" 2>&1 || fail "A program that there is not did not fail."
grep -q 'There is no program chapter0-none' "$root/home/guest/words" || fail "That a program is not there is not said."

while IFS=$'\t' read -r program _; do
  begin=$(date +%s)
  guest "$run" "$program" --quick --offline --no-progress > "$root/home/guest/words" 2>&1 || {
    tail -n 5 "$root/home/guest/words" >&2 && fail "$program --quick fails."
  }
  echo "$program --quick: $(( $(date +%s) - begin )) s"
done < "$kit/chapters.txt"

if [ "${2-}" = build ]; then
  inside 0:0 '/media/a stick/packages/install' > "$root/home/guest/words" 2>&1 || {
    tail -n 20 "$root/home/guest/words" >&2 && fail "The packages could not be installed."
  }
  guest sh -euc 'cp -R "/media/a stick/sources" gallery && chmod -R u+w gallery && cd gallery &&
    swift build --product chapter3-imdb &&
    DLWP_DATA="/media/a stick/data" swift run --skip-build chapter3-imdb --no-progress' > "$root/home/guest/words" 2>&1 || {
    tail -n 20 "$root/home/guest/words" >&2 && fail "The sources could not be built."
  }
  grep 'test accuracy' "$root/home/guest/words"
fi
echo "The kit works in a bare $release without network."
