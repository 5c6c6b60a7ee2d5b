/// What the engine runs on, for reports.
public enum Engine {
  /// The library behind large matrix products, such as `oneDNN 2.6.3`.
  public static var kernels: String { MatrixProduct.providerDescription }
  /// The number of cores that kernels use.
  public static var threads: Int { Parallel.threads }
}
