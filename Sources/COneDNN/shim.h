// oneDNN's C interface changed between versions 2 and 3. What the engine needs of it, under one set of names.
#pragma once
#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// How a tensor lies in memory.
typedef struct {
#if DNNL_VERSION_MAJOR >= 3
  const_dnnl_memory_desc_t description;
#else
  dnnl_memory_desc_t description;
#endif
} onednn_format;

#if DNNL_VERSION_MAJOR >= 3
#define ONEDNN_FORMAT(format) ((format)->description)
#else
#define ONEDNN_FORMAT(format) (&(format)->description)
#endif

// The formats live as long as the process: they are few, one per shape.
static inline bool onednn_format_make(
    onednn_format *format, int rank, const int64_t *extents, dnnl_format_tag_t tag) {
  dnnl_dims_t all = {0};
  memcpy(all, extents, (size_t)rank * sizeof *extents);
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t made = NULL;
  bool ok = dnnl_memory_desc_create_with_tag(&made, rank, all, dnnl_f32, tag) == dnnl_success;
  format->description = made;
  return ok;
#else
  return dnnl_memory_desc_init_by_tag(&format->description, rank, all, dnnl_f32, tag) == dnnl_success;
#endif
}

static inline size_t onednn_format_bytes(const onednn_format *format) {
  return dnnl_memory_desc_get_size(ONEDNN_FORMAT(format));
}

static inline bool onednn_format_equal(const onednn_format *a, const onednn_format *b) {
  return dnnl_memory_desc_equal(ONEDNN_FORMAT(a), ONEDNN_FORMAT(b)) != 0;
}

// Whether oneDNN has nothing better for this than the loops that its other kernels are tested against.
static inline bool onednn_is_reference(dnnl_primitive_desc_t description) {
  const char *name = NULL;
  return dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name) == dnnl_success
      && name != NULL && strncmp(name, "ref", 3) == 0;
}

// Which of a convolution's three products.
typedef enum {
  onednn_forward,
  onednn_input_gradient,
  onednn_kernel_gradient,
} onednn_direction;

// Describes a convolution with scratch memory given by the caller; NULL if oneDNN has no such one. A bias is
// taken in the forward direction, or its gradient given with that of the kernel, if `bias` is not NULL. With
// `constant_kernel` Winograd's transform of the kernel is left to the reordering, which is slow, but done once.
static inline dnnl_primitive_desc_t onednn_convolution(
    dnnl_engine_t engine, onednn_direction direction, bool winograd, bool relu,
    bool constant_kernel,
    const onednn_format *input, const onednn_format *kernel, const onednn_format *bias,
    const onednn_format *output, const int64_t stride[2], const int64_t dilation[2],
    const int64_t before[2], const int64_t after[2]) {
  dnnl_alg_kind_t algorithm = winograd ? dnnl_convolution_winograd : dnnl_convolution_direct;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t forward = NULL, result = NULL;
  if (dnnl_primitive_attr_create(&attributes) != dnnl_success) return NULL;
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  dnnl_dims_t strides = {stride[0], stride[1]}, dilations = {dilation[0] - 1, dilation[1] - 1};
  dnnl_dims_t left = {before[0], before[1]}, right = {after[0], after[1]};
  dnnl_prop_kind_t kind =
      direction == onednn_forward && constant_kernel ? dnnl_forward_inference : dnnl_forward_training;
  if (relu && direction == onednn_forward) {
    dnnl_post_ops_t operations = NULL;
    dnnl_post_ops_create(&operations);
#if DNNL_VERSION_MAJOR >= 3
    dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, 0, 0);
#else
    dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0);
#endif
    dnnl_primitive_attr_set_post_ops(attributes, operations);
    dnnl_post_ops_destroy(operations);
  }
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t with_bias = bias ? (dnnl_memory_desc_t)bias->description : NULL;
  dnnl_convolution_forward_primitive_desc_create(
      &forward, engine, kind, algorithm, input->description, kernel->description,
      direction == onednn_forward ? with_bias : NULL, output->description, strides, dilations, left,
      right, attributes);
  if (forward && direction == onednn_input_gradient)
    dnnl_convolution_backward_data_primitive_desc_create(
        &result, engine, algorithm, input->description, kernel->description, output->description,
        strides, dilations, left, right, forward, attributes);
  if (forward && direction == onednn_kernel_gradient)
    dnnl_convolution_backward_weights_primitive_desc_create(
        &result, engine, algorithm, input->description, kernel->description, with_bias,
        output->description, strides, dilations, left, right, forward, attributes);
#else
  const dnnl_memory_desc_t *with_bias = bias ? &bias->description : NULL;
  dnnl_convolution_desc_t description;
  if (dnnl_dilated_convolution_forward_desc_init(
          &description, kind, algorithm, &input->description, &kernel->description,
          direction == onednn_forward ? with_bias : NULL, &output->description, strides, dilations,
          left, right) == dnnl_success)
    dnnl_primitive_desc_create(&forward, &description, attributes, engine, NULL);
  if (forward && direction == onednn_input_gradient &&
      dnnl_dilated_convolution_backward_data_desc_init(
          &description, algorithm, &input->description, &kernel->description,
          &output->description, strides, dilations, left, right) == dnnl_success)
    dnnl_primitive_desc_create(&result, &description, attributes, engine, forward);
  if (forward && direction == onednn_kernel_gradient &&
      dnnl_dilated_convolution_backward_weights_desc_init(
          &description, algorithm, &input->description, &kernel->description, with_bias,
          &output->description, strides, dilations, left, right) == dnnl_success)
    dnnl_primitive_desc_create(&result, &description, attributes, engine, forward);
#endif
  dnnl_primitive_attr_destroy(attributes);
  if (direction == onednn_forward) return forward;
  if (forward) dnnl_primitive_desc_destroy(forward);
  return result;
}

static inline dnnl_primitive_desc_t onednn_reorder(
    dnnl_engine_t engine, const onednn_format *from, const onednn_format *to) {
  dnnl_primitive_desc_t result = NULL;
  dnnl_primitive_attr_t attributes = NULL;
  if (dnnl_primitive_attr_create(&attributes) != dnnl_success) return NULL;
  // Some reorders need scratch memory; oneDNN's own would be shared by all threads that run the primitive.
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  dnnl_reorder_primitive_desc_create(
      &result, ONEDNN_FORMAT(from), engine, ONEDNN_FORMAT(to), engine, attributes);
  dnnl_primitive_attr_destroy(attributes);
  return result;
}

// The format that a primitive wants for an argument; made to outlive the primitive's description.
static inline onednn_format onednn_wanted(const_dnnl_primitive_desc_t of, int argument) {
  onednn_format result;
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_t copy = NULL;
  dnnl_memory_desc_clone(&copy, dnnl_primitive_desc_query_md(of, dnnl_query_exec_arg_md, argument));
  result.description = copy;
#else
  result.description = *dnnl_primitive_desc_query_md(of, dnnl_query_exec_arg_md, argument);
#endif
  return result;
}

static inline dnnl_memory_t onednn_memory(
    dnnl_engine_t engine, const onednn_format *format, void *address) {
  dnnl_memory_t memory = NULL;
  dnnl_memory_create(&memory, ONEDNN_FORMAT(format), engine, address);
  return memory;
}
