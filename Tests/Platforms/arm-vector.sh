#!/usr/bin/env bash
# Builds Sources/CVector/vector.h for 64-bit ARM, runs its functions under an emulator, and compares the results bit by
# bit with those of this x86-64 machine:
#
#   Tests/Platforms/arm-vector.sh
#
# Needs a clang that knows ARM, such as Swift's, and the Debian packages gcc-aarch64-linux-gnu and qemu-user.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for program in clang aarch64-linux-gnu-gcc qemu-aarch64; do
  command -v "$program" > "$work/found" || {
    echo "$program is missing: install clang (Swift's will do), gcc-aarch64-linux-gnu and qemu-user." >&2
    exit 1
  }
done

# The options of Package.swift, as Swift's importer of C passes them on.
build() { clang -O2 -Wall -Wno-psabi -I "$here/../../Sources/CVector" "$@" "$here/vector-check.c" -lm; }
build -march=x86-64-v3 -o "$work/x86"
clang --target=aarch64-linux-gnu -O2 -Wall -I "$here/../../Sources/CVector" \
  -isystem /usr/aarch64-linux-gnu/include -c "$here/vector-check.c" -o "$work/arm.o"
aarch64-linux-gnu-gcc -static "$work/arm.o" -lm -o "$work/arm"

echo "x86-64 without AVX-512: function, hash of all bits, largest error in units in the last place"
"$work/x86" | tee "$work/x86.txt"
echo "64-bit ARM, emulated:"
qemu-aarch64 "$work/arm" | tee "$work/arm.txt"
if grep -q avx512f /proc/cpuinfo; then
  build -march=native -o "$work/native"
  echo "this processor, with AVX-512, whose estimates make over_root less exact:"
  "$work/native" | tee "$work/native.txt"
  diff <(grep -v over_root "$work/x86.txt") <(grep -v over_root "$work/native.txt")
fi
# Errors are measured by each system's own double precision; the bits must agree.
diff <(cut -c1-29 "$work/x86.txt") <(cut -c1-29 "$work/arm.txt")
echo "The bits agree."
