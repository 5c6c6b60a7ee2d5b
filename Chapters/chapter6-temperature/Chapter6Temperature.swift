import ArgumentParser

@main
struct Chapter6Temperature: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter6-temperature")
  func run() throws {}
}
