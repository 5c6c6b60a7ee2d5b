#if OneDNN
  import COneDNN
  import Synchronization

  /// What the engine asks of oneDNN besides matrix products.
  enum OneDNN {
    nonisolated(unsafe) static let engine: dnnl_engine_t? = {
      var engine: dnnl_engine_t?
      return dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success ? engine : nil
    }()

    /// On processors nothing is queued: a stream has no state, and one serves all threads.
    nonisolated(unsafe) static let stream: dnnl_stream_t? = {
      var stream: dnnl_stream_t?
      let flags = dnnl_stream_default_flags.rawValue
      return dnnl_stream_create(&stream, engine, flags) == dnnl_success ? stream : nil
    }()

    /// Whether its convolutions work on blocks of 16 channels: on processors whose vectors hold 16 numbers.
    static let usesBlocks: Bool = {
      let vectors = dnnl_cpu_isa_avx512_core.rawValue
      return dnnl_get_effective_cpu_isa().rawValue & vectors == vectors
    }()

    /// Whether oneDNN computes convolutions by Winograd's algorithm: version 3 has none, version 2 on blocks.
    static let hasWinograd = usesBlocks && dnnl_version().pointee.major < 3

    /// How a tensor lies in memory.
    struct Format: Hashable, @unchecked Sendable {
      var value: onednn_format

      init(_ value: onednn_format) { self.value = value }

      init(_ extents: [Int], _ tag: dnnl_format_tag_t) {
        value = onednn_format()
        let extents = extents.map(Int64.init)
        let isMade = onednn_format_make(&value, Int32(extents.count), extents, tag)
        require(isMade, "oneDNN cannot describe a tensor of shape \(extents).")
      }

      var bytes: Int { withUnsafePointer(to: value) { onednn_format_bytes($0) } }

      static func == (a: Format, b: Format) -> Bool {
        withUnsafePointer(to: a.value) { a in
          withUnsafePointer(to: b.value) { onednn_format_equal(a, $0) }
        }
      }

      func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
    }

    /// A tensor for oneDNN: where it lies, and how.
    struct Operand {
      let pointer: UnsafeMutablePointer<Float>
      let format: Format
    }

    /// Runs a primitive on operands that have the formats it wants.
    static func execute(_ primitive: dnnl_primitive_t, _ operands: [(argument: Int32, Operand)]) {
      var arguments = operands.map { argument, operand in
        let memory = withUnsafePointer(to: operand.format.value) {
          onednn_memory(engine, $0, operand.pointer)
        }
        return dnnl_exec_arg_t(arg: argument, memory: memory)
      }
      let status = dnnl_primitive_execute(primitive, stream, Int32(arguments.count), &arguments)
      for argument in arguments { dnnl_memory_destroy(argument.memory) }
      require(status == dnnl_success, "oneDNN failed with status \(status.rawValue).")
    }

    private struct Reordering: Hashable { let from, to: Format }
    private struct Reorder: @unchecked Sendable {
      let primitive: dnnl_primitive_t
      let scratch: Format
    }
    private static let reorders = Mutex<[Reordering: Reorder]>([:])

    /// Copies a tensor into another format.
    static func reorder(_ source: Operand, into target: Operand) {
      let key = Reordering(from: source.format, to: target.format)
      let reorder = reorders.withLock { reorders in
        if let known = reorders[key] { return known }
        let made = makeReorder(key.from, key.to)
        reorders[key] = made
        return made
      }
      // Winograd's kernels are transformed on the way, which takes memory: each thread's own.
      let scratch = ScratchMemory(bytes: reorder.scratch.bytes)
      execute(
        reorder.primitive,
        [
          (DNNL_ARG_FROM, source), (DNNL_ARG_TO, target),
          (DNNL_ARG_SCRATCHPAD, .init(pointer: scratch.pointer, format: reorder.scratch)),
        ])
      withExtendedLifetime(scratch) {}
    }

    private static func makeReorder(_ from: Format, _ to: Format) -> Reorder {
      let description = withUnsafePointer(to: from.value) { from in
        withUnsafePointer(to: to.value) { onednn_reorder(engine, from, $0) }
      }
      guard let description else { fail("oneDNN cannot reorder a tensor.") }
      defer { dnnl_primitive_desc_destroy(description) }
      var primitive: dnnl_primitive_t?
      dnnl_primitive_create(&primitive, description)
      guard let primitive else { fail("oneDNN cannot reorder a tensor.") }
      return Reorder(
        primitive: primitive, scratch: Format(onednn_wanted(description, DNNL_ARG_SCRATCHPAD)))
    }
  }
#endif
