// Runs the functions of vector.h over numbers of all sizes. For each it prints a hash of the results' bits, which
// must be the same on every processor, and the largest error in units in the last place, against double precision.
// Exits with 1 if an error is larger than vector.h promises, or if numbers below 1.2e-38 do not count as zero.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "vector.h"

static uint64_t hash;
static double worst;
static int failed;

static float from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static void take(float value, double exact, int is_measured) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (isnan(value)) bits = 0x7fc00000;  // their signs and payloads are the processor's own
  hash = (hash ^ bits) * 1099511628211u;
  if (!is_measured || !isfinite(exact) || fabs(exact) < 1.2e-38 || fabs(exact) > 3.4e38) return;
  double unit = ldexp(1, ilogb(exact) - 23);
  double error = fabs(value - exact) / unit;
  if (!(error <= worst)) worst = error;
}

static void report(const char *name, double promise) {
  printf("%-12s %016llx  %.2f\n", name, (unsigned long long)hash, worst);
  if (!(worst <= promise)) {
    printf("%s: %.2f units in the last place, but vector.h promises %.2f\n", name, worst, promise);
    failed = 1;
  }
  hash = 14695981039346656037u;
  worst = 0;
}

// Bit patterns spread over all numbers; the step is odd, so that every lane meets every kind.
enum { step = 4001 };
#define FOR_ALL_NUMBERS(x)                                                     \
  for (uint64_t first = 0; first + 16ull * step < 1ull << 32; first += 16ull * step) \
    for (int again = 1; again; again = 0)                                      \
      for (vector16 x = numbers((uint32_t)first); again; again = 0)

static vector16 numbers(uint32_t first) {
  vector16 x;
  for (int lane = 0; lane < 16; lane++) x[lane] = from_bits(first + (uint32_t)lane * step);
  return x;
}

int main(void) {
  hash = 14695981039346656037u;
  FOR_ALL_NUMBERS(x) {
    vector16 y = vector_exp(x);
    for (int i = 0; i < 16; i++) take(y[i], exp(x[i]), x[i] >= -87.3f && x[i] <= 88.3f);
  }
  report("exp", 2);
  FOR_ALL_NUMBERS(x) {
    vector16 y = vector_tanh(x);
    for (int i = 0; i < 16; i++) take(y[i], tanh(x[i]), 1);
  }
  report("tanh", 3);
  FOR_ALL_NUMBERS(x) {
    vector16 y = vector_sqrt(x);
    for (int i = 0; i < 16; i++) take(y[i], sqrt(x[i]), x[i] >= 1.2e-38f);
  }
  report("sqrt", 0.501);
  FOR_ALL_NUMBERS(x) {
    vector16 y = vector_fma(x, x * 0 + 1.7f, vector_max(x, x * 0 + 0.3f));
    for (int i = 0; i < 16; i++) take(y[i], 0, 0);
  }
  report("fma", 0);
  FOR_ALL_NUMBERS(a) {
    vector16 y = vector_over_root(a * 0 + 0.7f, a, 1e-8f);
    for (int i = 0; i < 16; i++)
      take(y[i], 0.7f / (sqrt(a[i]) + 1e-8f), a[i] >= 0 && a[i] < 1e30f);
  }
  report("over_root", 4);
  for (long count = 0; count <= 16; count++) {
    float target[16] = {0};
    vector_store_first(numbers(0x3f800000), target, count);
    for (int i = 0; i < 16; i++) take(target[i], 0, 0);
  }
  report("store_first", 0);

  volatile float small = from_bits(0x00000fff), half = 0.5f, least = from_bits(0x00800000);
  if (small * 1 == 0) puts("Numbers below 1.2e-38 count as zero from the start."), failed = 1;
  processor_flush_subnormals();
  if (small * 1 != 0 || least * half != 0) puts("Numbers below 1.2e-38 do not count as zero."), failed = 1;
  processor_pause();
  if (processor_core_count() < 1 || processor_core() < 0) puts("The cores cannot be told."), failed = 1;
  processor_leave_core(processor_core());
  return failed;
}
