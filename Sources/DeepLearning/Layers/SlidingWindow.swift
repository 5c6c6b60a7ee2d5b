/// A window that slides over images: what convolutions and pooling have in common.
struct SlidingWindow {
  let kernel, stride, dilation: Extent2D
  let padding: Padding

  init(_ kernel: Extent2D, _ stride: Extent2D, _ dilation: Extent2D, _ padding: Padding) {
    for (what, extent) in [("window", kernel), ("stride", stride), ("dilation", dilation)] {
      require(
        extent.height > 0 && extent.width > 0,
        "The \(what) of a convolution or pooling is at least 1 in both directions, not \(extent).")
    }
    (self.kernel, self.stride, self.dilation) = (kernel, stride, dilation)
    self.padding = padding
  }

  /// The geometry on an image batch, or a sentence why there is none.
  ///
  /// - Parameters:
  ///   - filters: the number of output channels; nil for one per input channel.
  ///   - layer: the name of the layer, for the sentence.
  func geometry(_ input: Shape, filters: Int? = nil, for layer: String) -> ConvolutionGeometry {
    require(
      input.rank == 4,
      "\(layer) takes images [height, width, channels], but got samples of shape \(input.droppingFirst). Put Reshape([height, width, channels]) first."
    )
    let geometry = ConvolutionGeometry(
      input: input, filters: filters ?? input[3], kernel: kernel, stride: stride,
      dilation: dilation, padding: padding, isDepthwise: filters == nil)
    // Swift rounds towards zero: an output that does not exist may look like one of extent 1.
    let span = Extent2D(
      height: (kernel.height - 1) * dilation.height + 1,
      width: (kernel.width - 1) * dilation.width + 1)
    require(
      span.height <= geometry.height + geometry.top + geometry.bottom
        && span.width <= geometry.width + geometry.left + geometry.right,
      "\(layer): a window of \(span) does not fit into images of \(input[1]) x \(input[2]). Use padding: .same, a smaller window or larger images."
    )
    return geometry
  }
}

extension Shape {
  /// A sequence `[time, channels]` as an image of height 1.
  func asImages(for layer: String) -> Shape {
    require(
      rank == 2,
      "\(layer) takes sequences [time, channels], but got samples of shape \(self). Put Reshape([time, channels]) first."
    )
    return prepending(1)
  }
}

extension Tensor {
  /// Sequences `[batch, time, channels]` as images of height 1.
  func asImages(for layer: String) -> Tensor {
    require(
      rank == 3,
      "\(layer) takes sequences [time, channels], but got samples of shape \(shape.droppingFirst). Put Reshape([time, channels]) first."
    )
    return reshaped([shape[0], 1, shape[1], shape[2]])
  }

  /// Images of height 1 as sequences.
  func asSequences() -> Tensor { reshaped([shape[0], shape[2], shape[3]]) }
}

/// Makes sure that a convolution has filters.
///
/// - Parameters:
///   - filters: how many were asked for.
///   - name: the name that the user gave the layer, for the sentence.
func requireFilters(_ filters: Int, _ name: String?) {
  require(
    filters > 0,
    "\(name.map { "\($0): a" } ?? "A") convolution needs at least one filter, not \(filters). Its first argument is the number of filters."
  )
}
