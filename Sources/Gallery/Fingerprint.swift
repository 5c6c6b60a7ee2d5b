extension Sequence where Element: BinaryInteger {
  /// A number that other data would hardly have (the hash of Fowler, Noll and Vo).
  ///
  /// Inlinable, so that chapters, which are optimised, go through millions of pixels in no time.
  @inlinable public var fingerprint: UInt64 {
    reduce(0xcbf2_9ce4_8422_2325) {
      ($0 ^ UInt64(truncatingIfNeeded: $1)) &* 0x0000_0100_0000_01b3
    }
  }
}
