/// What the page asks to be run: one of the package's own programs, with flags that are checked.
struct RunRequest: Codable, Sendable, Equatable {
  let program: String
  var quick: Bool?
  var seed: UInt64?
  var epochs: Int?
  /// What is dreamt about; no page can send it here.
  var dream: Dream?

  private enum CodingKeys: CodingKey {
    case program, quick, seed, epochs
  }

  /// The command line after the program's name.
  ///
  /// - Throws: `Refusal` if it is no program of the package or a number makes no sense.
  func arguments(output: String) throws -> [String] {
    guard Catalogue.entry(program) != nil else {
      throw Refusal(400, "There is no such program in the gallery.")
    }
    if let seed, seed > UInt64(UInt32.max) {
      throw Refusal(400, "A seed is a number up to \(UInt32.max).")
    }
    if let epochs, !(1...1_000_000).contains(epochs) {
      throw Refusal(400, "The number of epochs is one from 1 to 1,000,000.")
    }
    return flags + ["--no-progress", "--output", output]
  }

  /// The flags that whoever runs the program has chosen.
  var flags: [String] {
    (quick == true ? ["--quick"] : []) + (seed.map { ["--seed", "\($0)"] } ?? [])
      + (epochs.map { ["--epochs", "\($0)"] } ?? []) + (dream?.flags ?? [])
  }
}
