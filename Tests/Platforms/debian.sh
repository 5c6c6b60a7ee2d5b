#!/usr/bin/env bash
# Sets up a bare Debian in a folder, copies the last commit into it, and runs the README's two commands there, or another:
#
#   Tests/Platforms/debian.sh trixie
#   KEEP=1 Tests/Platforms/debian.sh bookworm swift test --filter FetchingTests
#
# Needs root, the Debian package debootstrap and 4 GB (10 for all tests) under TMPDIR. The system comes from the mirror that
# apt uses here, or from MIRROR; the toolchain is this machine's own, read only. With KEEP=1 the folder stays, and the next
# run goes on in it.
set -euo pipefail
fail() { echo "$*" >&2 && exit 1; }
case ${1-} in
  bookworm | trixie) release=$1 && shift ;;
  *) fail "Usage: $0 bookworm|trixie [COMMAND...], without COMMAND make demo and make test" ;;
esac
[ "$(id -u)" = 0 ] || fail "Only root can set up a system in a folder: sudo env PATH=\"\$PATH\" $0 $release"
for program in debootstrap git swift unshare; do
  type -P "$program" > /dev/null || fail "$program is missing: install it (debootstrap, git, util-linux; swift.org)."
done

# What Swift itself needs on a bare Debian, as the README says; `make setup` installs the rest.
needed=(ca-certificates g++ git make libcurl4 libncurses6 libsqlite3-0 libxml2)
checkout=$(cd "$(dirname "$0")/../.." && pwd)
toolchain=$(dirname "$(dirname "$(realpath "$(type -P swift)")")")
[ "$toolchain" != /usr ] || fail "Swift lies in /usr, among this system's own files: unpack it into a folder of its own."
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)}
[ -n "$mirror" ] || fail "apt knows no mirror of Debian here: name one in MIRROR."
if [ "${KEEP-}" = 1 ]; then
  root=${TMPDIR:-/tmp}/deep-learning-$release
else
  root=$(mktemp -d) && chmod 755 "$root"
  trap 'rm -rf --one-file-system "$root"' EXIT
fi

# Folders on this machine that git takes packages from, where it was told to (url.FOLDER.insteadOf).
folders=("$toolchain")
while read -r key _; do
  folder=${key#url.} && folder=${folder%.insteadof} && folder=${folder#file://}
  [ ! -d "$folder" ] || folders+=("$(realpath "$folder")")
done < <(git config --get-regexp '^url\..*\.insteadof$' | sort -u)
mapfile -t proxies < <(env | grep -iE '^(https?|no|all)_proxy=')

# Runs a command in the system. What it mounts and starts, only it sees, and both end with it.
inside() {
  unshare --mount --pid --fork --kill-child bash -euc '
    root=$1 && shift
    while [ "$1" != -- ]; do
      mkdir -p "$root$1" && mount --bind "$1" "$root$1" && mount -o remount,bind,ro "$root$1" && shift
    done
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && shift
    exec chroot "$root" env --ignore-environment "$@"' -- "$root" "${folders[@]}" -- \
    HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "${proxies[@]}" \
    PATH="$toolchain/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    bash -euc 'cd /gallery && exec "$@"' -- "$@"
}

if [ ! -e "$root/complete" ]; then
  rm -rf --one-file-system "$root"
  debootstrap --variant=minbase "$release" "$root" "$mirror"
  mkdir "$root/gallery"
  # The way to the network is this machine's: names, proxies, certificates, and where pip and git look.
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump Acquire | grep -v ' "";' > "$root/etc/apt/apt.conf.d/99host"
  [ ! -d /usr/local/share/ca-certificates ] || cp -R /usr/local/share/ca-certificates "$root/usr/local/share/"
  [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
  while read -r key value; do
    git config --file "$root/etc/gitconfig" --add "$key" "$value"
  done < <(git config --get-regexp '^url\..*\.insteadof$')
  inside apt-get update -qq
  inside apt-get install -y -qq --no-install-recommends "${needed[@]}"
  touch "$root/complete"
fi

git init -q "$root/gallery"
git -C "$root/gallery" fetch -q "$checkout" HEAD
git -C "$root/gallery" reset -q --hard FETCH_HEAD
if [ $# = 0 ]; then
  inside make demo
  inside make test
else
  inside "$@"
fi
inside dpkg-query --show 'libc6' 'libcurl4*' 'libdnnl*' 'libopenblas0*' | grep -P '\t.' || true
