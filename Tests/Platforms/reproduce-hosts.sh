#!/usr/bin/env bash
# Tries `reproduce --hosts` with two machines that are this one: two ssh servers on the loopback, each of which sees an output folder of its
# own, so that results have to be brought back.
#
#   swift build && Tests/Platforms/reproduce-hosts.sh
#
# Needs root, and the Debian packages parallel, rsync, openssh-server and util-linux. PACKAGE names another folder with .build.
set -euo pipefail
fail() { echo "$*" >&2 && exit 1; }
[ "$(id -u)" = 0 ] || fail "Only root can give the servers folders of their own: sudo $0"
for program in parallel rsync unshare ssh-keygen sshd; do
  PATH=$PATH:/usr/sbin type -P "$program" > /dev/null || fail "$program is missing: install parallel, rsync, openssh-server, util-linux."
done
cd "${PACKAGE:-$(dirname "$0")/../..}"
[ -x .build/debug/reproduce ] && [ -x .build/debug/chapter3-imdb ] || fail "Build first: swift build"
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2> /dev/null || true; rm -rf "$work"' EXIT
output=output/reproduce-hosts
rm -rf "$output" && mkdir -p "$output"
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
cp "$work/key.pub" "$work/authorized" && chmod 600 "$work/authorized"
mkdir -p /run/sshd

for port in 2201 2202; do
  # Its output folder is empty at first, and nobody else sees what it writes there; what it leaves on the side tells that it was used.
  mkdir "$work/seen-$port"
  unshare --mount --propagation private bash -euc '
    mount --bind "$1/seen-$2" "$3"
    exec /usr/sbin/sshd -D -p "$2" -h "$1/key" -o ListenAddress=127.0.0.1 -o AuthorizedKeysFile="$1/authorized" \
      -o PidFile=none -o StrictModes=no -o UsePAM=no -o PermitRootLogin=yes -E "$1/sshd-$2.log"' -- "$work" "$port" "$PWD/$output" &
  servers+=($!)
  echo "/usr/bin/ssh -q -p $port -i $work/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@127.0.0.1" >> "$work/hosts.txt"
done
for port in 2201 2202; do
  for _ in $(seq 50); do (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break || sleep 0.1; done
done

.build/debug/reproduce --only chapter3 --seeds 2 --quick --offline --hosts "$work/hosts.txt" --output "$output"
for job in chapter3-imdb chapter3-reuters chapter3-boston-housing; do
  for seed in 1 2; do
    [ -s "$output/$job/seed-$seed/$job/metrics.json" ] || fail "The results of $job with seed $seed were not brought back."
  done
done
for port in 2201 2202; do
  [ -n "$(ls "$work/seen-$port")" ] || fail "The machine at port $port had nothing to do."
done
rm -rf "$output"
echo "Two machines have shared the work, and brought it back."
