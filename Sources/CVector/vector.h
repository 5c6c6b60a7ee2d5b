// What Swift's SIMD16<Float> lacks: operations that must become one instruction each. Swift's own
// squareRoot(), addingProduct() and min/max fall back to a library call per lane. Being a header, these
// are inlined into every Swift file that uses them, also without whole-module optimisation.
#pragma once

// Vectors wider than a register are passed in memory; all functions here are inlined, and pass nothing.
#pragma clang diagnostic ignored "-Wpsabi"

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

typedef float vector16 __attribute__((ext_vector_type(16)));
typedef float vector16_unaligned __attribute__((ext_vector_type(16), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vector16 vector_load(const float *_Nonnull source) {
  return *(const vector16_unaligned *)source;
}

INLINE void vector_store(vector16 value, float *_Nonnull target) {
  *(vector16_unaligned *)target = value;
}

// The first `count` of 16 numbers.
INLINE void vector_store_first(vector16 value, float *_Nonnull target, long count) {
  if (count >= 16) {
    vector_store(value, target);
    return;
  }
#if defined(__AVX512F__)
  __builtin_ia32_storeups512_mask(target, value, (unsigned short)((1u << count) - 1));
#else
  for (long lane = 0; lane < count; lane++) target[lane] = value[lane];
#endif
}

// Has a line of memory brought near, for when it will be read.
INLINE void vector_prefetch(const float *_Nonnull source) { __builtin_prefetch(source, 0, 2); }

// Whether 24 vectors fit into the registers, with room for more: 32 registers, each as wide as a vector.
INLINE int vector_has_many_registers(void) {
#if defined(__AVX512F__)
  return 1;
#else
  return 0;
#endif
}

// a * b + c with one rounding.
INLINE vector16 vector_fma(vector16 a, vector16 b, vector16 c) {
  return __builtin_elementwise_fma(a, b, c);
}

INLINE vector16 vector_sqrt(vector16 x) { return __builtin_elementwise_sqrt(x); }
// g / (sqrt(a) + epsilon) for a >= 0. The processor's estimates, each improved by a step of Newton's, take half the
// time of its square root and division; the result is within 4 units in the last place, within 2 without AVX-512.
INLINE vector16 vector_over_root(vector16 g, vector16 a, float epsilon) {
#if defined(__AVX512F__)
  vector16 positive = __builtin_elementwise_max(a, (vector16)1.17549435e-38f);
  vector16 inverse = __builtin_ia32_rsqrt14ps512_mask(positive, (vector16)0.0f, -1);
  inverse *= 1.5f - 0.5f * positive * inverse * inverse;
  vector16 divisor = a * inverse + epsilon;
  vector16 factor = __builtin_ia32_rcp14ps512_mask(divisor, (vector16)0.0f, -1);
  return g * (factor * (2.0f - divisor * factor));
#else
  return g / (__builtin_elementwise_sqrt(a) + epsilon);
#endif
}

INLINE vector16 vector_max(vector16 a, vector16 b) { return __builtin_elementwise_max(a, b); }

// exp(x) to within 2 units in the last place; 0 below -87.3, clamped above 88.3.
//
// x = n ln 2 + r, exp(x) = 2^n exp(r) with a polynomial for exp(r) (Cephes' expf). The nearest whole number
// comes from adding 1.5 * 2^23. Not contracted to fused operations, so that results are the same everywhere.
INLINE vector16 vector_exp(vector16 x) {
#pragma clang fp contract(off)
  typedef unsigned int bits16 __attribute__((ext_vector_type(16)));
  vector16 low = x < -87.3f ? (vector16)-87.3f : x;
  vector16 clamped = low > 88.3f ? (vector16)88.3f : low;
  vector16 shifted = clamped * 1.44269504f + 12582912.0f;
  vector16 n = shifted - 12582912.0f;
  vector16 r = clamped - n * 0.693359375f + n * 2.1219444e-4f;
  vector16 p = 1.98756915e-4f * r + 1.39819995e-3f;
  p = p * r + 8.3334519e-3f;
  p = p * r + 4.1665796e-2f;
  p = p * r + 1.66666655e-1f;
  p = p * r + 5.0000001e-1f;
  p = p * r * r + r + 1.0f;
  bits16 power = (__builtin_bit_cast(bits16, shifted) << 23) + (127u << 23);
  vector16 result = p * __builtin_bit_cast(vector16, power);
  return x < -87.3f ? (vector16)0.0f : result;
}

// tanh(x): a polynomial near zero, where the exponential form would cancel (Cephes' tanhf).
INLINE vector16 vector_tanh(vector16 x) {
#pragma clang fp contract(off)
  vector16 far = 1.0f - 2.0f / (vector_exp(2.0f * x) + 1.0f);
  vector16 z = x * x;
  vector16 p = -5.7049887e-3f * z + 2.0639089e-2f;
  p = p * z - 5.3739716e-2f;
  p = p * z + 1.3331441e-1f;
  p = p * z - 3.3333282e-1f;
  return z < 0.390625f ? p * z * x + x : far;
}

// Exchanges the numbers whose row and place differ in one bit.
#define EXCHANGE(rows, bit, low, high)                      \
  for (int row = 0; row < 16; row++) {                      \
    if (row & (bit)) continue;                              \
    vector16 a = rows[row], b = rows[row + (bit)];          \
    rows[row] = __builtin_shufflevector(a, b, LANES low);   \
    rows[row + (bit)] = __builtin_shufflevector(a, b, LANES high); \
  }
#define LANES(...) __VA_ARGS__

// Writes up to 16 rows as columns: the first number of each row, then the second, and so on, with zeros for
// rows that there are not.
static inline void vector_transpose(
    const float *_Nonnull source, long row_stride, long row_count, float *_Nonnull target,
    long target_stride, long count) {
  long step = 0;
  for (; row_count == 16 && step + 16 <= count; step += 16) {
    vector16 rows[16];
    for (long row = 0; row < 16; row++) rows[row] = vector_load(source + row * row_stride + step);
    EXCHANGE(rows, 1, (0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
             (1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
    EXCHANGE(rows, 2, (0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
             (2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    EXCHANGE(rows, 4, (0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
             (4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    EXCHANGE(rows, 8, (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
             (8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    for (long row = 0; row < 16; row++)
      vector_store(rows[row], target + (step + row) * target_stride);
  }
  for (; step < count; step++) {
    float *column = target + step * target_stride;
    for (long row = 0; row < 16; row++)
      column[row] = row < row_count ? source[row * row_stride + step] : 0;
  }
}
#undef EXCHANGE
#undef LANES

// From now on this thread counts numbers below 1.2e-38 as zero, as TensorFlow's threads do. Gradients through hundreds of
// moments and averages of squares that fade away become so small, and cost some processors 100 times as much.
INLINE void processor_flush_subnormals(void) {
#if defined(__x86_64__)
  unsigned state = __builtin_ia32_stmxcsr();
  if ((state & 0x8040) != 0x8040) __builtin_ia32_ldmxcsr(state | 0x8040);
#elif defined(__aarch64__)
  unsigned long state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  if (!(state & 1ul << 24)) __asm__ volatile("msr fpcr, %0" : : "r"(state | 1ul << 24) : "memory");
#endif
}

// Tells the processor that this thread waits for another one.
INLINE void processor_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// The processor core that this thread runs on; -1 where that cannot be told.
INLINE int processor_core(void) {
#if defined(__linux__)
  extern int sched_getcpu(void);
  return sched_getcpu();
#else
  return -1;
#endif
}

// The number of cores that this process may use; 0 where that cannot be told.
static inline int processor_core_count(void) {
  int count = 0;
#if defined(__linux__)
  unsigned char allowed[128];
  long size = syscall(SYS_sched_getaffinity, 0, sizeof allowed, allowed);
  for (long i = 0; i < size; i++) count += __builtin_popcount(allowed[i]);
#endif
  return count;
}

// Moves this thread to another core that it may use, and lets it be moved again from there.
static inline void processor_leave_core(int core) {
#if defined(__linux__)
  unsigned char allowed[128], others[128];
  long size = syscall(SYS_sched_getaffinity, 0, sizeof allowed, allowed);
  if (size <= 0 || core < 0 || core / 8 >= size) return;
  for (long i = 0; i < size; i++) others[i] = allowed[i];
  others[core / 8] &= (unsigned char)~(1u << (core % 8));
  // Fails, and does nothing, if there is no other core.
  if (syscall(SYS_sched_setaffinity, 0, size, others) == 0)
    syscall(SYS_sched_setaffinity, 0, size, allowed);
#endif
}

#undef INLINE
