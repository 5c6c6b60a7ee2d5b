import Foundation

/// Where things are.
struct Places: Sendable {
  /// The folder that the programs write to.
  let output: URL
  /// The checkout, with the chapters' pages and figures; nil where only binaries are.
  let checkout: URL?
  /// The folder of this program, in which the others are too.
  let programs: URL

  /// - Parameters:
  ///   - output: the folder that the programs write to.
  ///   - folder: where to look for the checkout.
  ///   - programs: the folder of the built programs; by default this one's.
  init(
    output: String,
    folder: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
    programs: URL? = nil
  ) {
    self.output = URL(fileURLWithPath: output).standardizedFileURL
    let isCheckout = FileManager.default.fileExists(
      atPath: folder.appending(path: "Chapters/chapter3-imdb").path)
    checkout = isCheckout ? folder : nil
    self.programs =
      programs
      ?? (Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0]))
      .resolvingSymlinksInPath().deletingLastPathComponent()
  }

  /// The results of a program.
  func results(of name: String) -> URL { output.appending(path: name) }

  /// The page of a program, and the figures on it.
  func chapter(_ name: String) -> URL? { checkout?.appending(path: "Chapters/" + name) }
}
