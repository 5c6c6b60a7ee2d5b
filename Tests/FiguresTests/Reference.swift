/// What the figures of the tests looked like when a person last looked at them and found them good.
enum Reference {
  /// The mean brightness of 32 x 24 parts of `Book.figure()`, two hexadecimal digits each, as
  /// `DecodedPNG.mosaic` computes it: small enough to commit, and blind to how a font is hinted.
  static let mosaic = brightness(
    """
    ffffffffffffffffffeefcf5fcfdfdf7f8f1f8f9f7fcfdffffffffffffffffff
    ffffffffffffffffffeec9c3c6cdc7d9c6c7c6c9d4c8dbffffffffffffffffff
    fffeecf6fbfafbfbfafbfafcfdfcfdfdfcfdfdfcfdfcfdfdfcfdfdfcfdfcfdff
    fffffff2eafddfe3e3e2fcfdfffdfffffdfffffdfffdfffffdfffffdf6ecffff
    fffffbf2eff2dddce4e6ebfdfffdfffffdfffffdfffdfffdfdfff4eaf1fdffff
    fffeebf2fcfbfcfcfbfcfbfcfdfcfdfdfcfdfdfcfdfcede8e8eaf3fcfdfcfdff
    fffffff4fffdfffffdfffffdfffdfffffdfffffdfffdeafffdfffffdfffdffff
    fffeeaf3e9fcfdfdfcfdfdfcfdfcfdfdfcfdfdfcfdf0f5fdfcfdfdfcfdfcfdff
    fffffff4fffdfffffdfffffdfffdfffffdffffefebeffffffdfffffdfffdffff
    fffffcf4fffdfffffdfffffdfffdfffffdfbe8f8fffdfffffdfffffdfffdffff
    fdfbecf3ebfcfdfdfcfdfdfcfdfcfdf4e8ecfdfcfdfcfdfdfcfdfdfcfdfcfdff
    f5e7fff4faedfffffdfffcf5fff0eaf4fdfffffdfffdfffffdfffffdfffdffff
    fbf7eaf3fde1eefdfcfae6efe8f5fdfdfcfdfdfcfdfcfdfdfcfdfdfcfdfcfdff
    fffffff4fffdf9ecebedfffdfffdfffffdfffffdfffdfffffdfffffdfffdffff
    fffffaf4fffdf7f2fdfffffdfffdfffffdfffffdfffdfffffdfffffdfffdffff
    fffeeff3fdfcfdfde8fdfdfcfdfcfdfdfcfdfdfcfdfcfdfdfcfdfdfcfdfcfdff
    fffffff4fffdfffffdeafefdfffdfffffdfffffdfffdfffffdfffffdfffdffff
    fffeecf3fdfcfdfdfcfdf6efe9f8fdfdfcfdfdfcfdfcfdfdfcfdfdfcfdfcfdff
    fffffff4fffdfffffdfffffdffedf8f0e9f4fffdfffdfffffdfffffdfffdffff
    fffff9f4fffdfffffdfffffdfffdfffffdf4f9efeae9faeeebebfdf5f0f7ffff
    fffeeeeef3f1f3f3f1f3f3f1f3f1f3f3f1f3f3f1f3f1f3f3f0f2f1e9eee4f5ff
    fffffffffff5fffff4fffaf7fff1ffffebfff7f4fff1faffebfff7f1ffeffaff
    fffffffffffffffffffffffffffffff6e5e5f6ffffffffffffffffffffffffff
    fffffffffffffffffffffffffffffffdf5fafcffffffffffffffffffffffffff
    """)

  private static func brightness(_ digits: String) -> [Int] {
    let digits = Array(digits.filter { !$0.isNewline })
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      Int(String(digits[$0..<$0 + 2]), radix: 16)
    }
  }
}
