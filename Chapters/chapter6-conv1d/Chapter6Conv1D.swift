import ArgumentParser

@main
struct Chapter6Conv1D: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter6-conv1d")
  func run() throws {}
}
