import ArgumentParser

@main
struct Chapter6WordVectors: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter6-word-vectors")
  func run() throws {}
}
