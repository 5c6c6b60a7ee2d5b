// What Swift's SIMD16<Float> lacks: operations that must become one instruction each. Swift's own
// squareRoot(), addingProduct() and min/max fall back to a library call per lane. Being a header, these
// are inlined into every Swift file that uses them, also without whole-module optimisation.
#pragma once

typedef float vector16 __attribute__((ext_vector_type(16)));
typedef float vector16_unaligned __attribute__((ext_vector_type(16), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vector16 vector_load(const float *_Nonnull source) {
  return *(const vector16_unaligned *)source;
}

INLINE void vector_store(vector16 value, float *_Nonnull target) {
  *(vector16_unaligned *)target = value;
}

// a * b + c with one rounding.
INLINE vector16 vector_fma(vector16 a, vector16 b, vector16 c) {
  return __builtin_elementwise_fma(a, b, c);
}

INLINE vector16 vector_sqrt(vector16 x) { return __builtin_elementwise_sqrt(x); }
INLINE vector16 vector_max(vector16 a, vector16 b) { return __builtin_elementwise_max(a, b); }

// Tells the processor that this thread waits for another one.
INLINE void processor_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#undef INLINE
