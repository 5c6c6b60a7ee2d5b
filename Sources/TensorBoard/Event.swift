import DeepLearning

/// An entry of an event file, as TensorFlow's `event.proto` and `summary.proto` lay it out.
enum Event {
  /// The first entry: the version of the format.
  static func version(time: Double) -> ProtobufMessage {
    entry(time, step: nil) { $0.add(3, "brain.Event:2") }
  }

  /// A number, as today's TensorBoard reads it: a tensor with the name of the plugin that shows it.
  static func scalar(_ tag: String, _ value: Float, step: Int, time: Double) -> ProtobufMessage {
    summary(tag, plugin: "scalars", dataClass: 1, step: step, time: time) { tensor in
      tensor.add(1, DataType.float.rawValue)
      tensor.add(2, [])
      tensor.add(5, littleEndian(value.bitPattern))
    }
  }

  /// A histogram: a row of left border, right border and count for each bin.
  static func histogram(
    _ tag: String, _ value: ValueHistogram, step: Int, time: Double
  ) -> ProtobufMessage {
    let edges = value.edges
    let rows = value.counts.enumerated().flatMap { bin, count in
      [edges[bin], edges[bin + 1], Double(count)]
    }
    return summary(tag, plugin: "histograms", dataClass: 2, step: step, time: time) { tensor in
      tensor.add(1, DataType.double.rawValue)
      tensor.add(2, shape([value.counts.count, 3]))
      tensor.add(4, rows.flatMap { littleEndian($0.bitPattern) })
    }
  }

  /// A graph of layers.
  static func graph(_ definition: ProtobufMessage, time: Double) -> ProtobufMessage {
    entry(time, step: nil) { $0.add(4, definition) }
  }

  /// A shape; -1 stands for any extent.
  static func shape(_ extents: [Int]) -> ProtobufMessage {
    var message = ProtobufMessage()
    for extent in extents { message.add(2) { $0.add(1, extent) } }
    return message
  }

  /// Numbers of TensorFlow's `types.proto`.
  enum DataType: Int {
    case float = 1
    case double = 2
  }

  private static func summary(
    _ tag: String, plugin: String, dataClass: Int, step: Int, time: Double,
    tensor: (inout ProtobufMessage) -> Void
  ) -> ProtobufMessage {
    entry(time, step: step) { event in
      event.add(5) { summary in
        summary.add(1) { value in
          value.add(1, tag)
          value.add(8, tensor)
          value.add(9) { metadata in
            metadata.add(1) { $0.add(1, plugin) }
            metadata.add(4, dataClass)
          }
        }
      }
    }
  }

  private static func entry(
    _ time: Double, step: Int?, _ what: (inout ProtobufMessage) -> Void
  ) -> ProtobufMessage {
    var event = ProtobufMessage()
    event.add(1, time)
    if let step { event.add(2, step) }
    what(&event)
    return event
  }
}
