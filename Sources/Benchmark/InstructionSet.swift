import ArgumentParser
import CVector
import Foundation

/// Which of the processor's instructions both sides may use.
enum InstructionSet: String, CaseIterable, ExpressibleByArgument {
  /// All that there are.
  case native
  /// None beyond AVX2, as on most laptops.
  case avx2

  /// Sets what oneDNN, OpenBLAS, TensorFlow, XLA and PyTorch read; processes that are started later inherit it.
  ///
  /// - Throws: `BenchmarkError` if this program itself was built for more.
  func impose() throws {
    guard self == .avx2 else { return }
    guard vector_has_many_registers() == 0 else {
      throw BenchmarkError(
        "This benchmark was built for this processor, which has AVX-512: build one for all processors by "
          + "DLWP_PORTABLE=1 swift run --scratch-path=.build-portable benchmark --isa avx2.")
    }
    let variables = [
      "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
      "MKL_ENABLE_INSTRUCTIONS": "AVX2", "OPENBLAS_CORETYPE": "Haswell",
      "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    ]
    for (name, value) in variables { setenv(name, value, 1) }
  }
}
