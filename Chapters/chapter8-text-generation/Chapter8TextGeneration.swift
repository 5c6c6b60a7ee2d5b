import ArgumentParser

@main
struct Chapter8TextGeneration: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter8-text-generation")
  func run() throws {}
}
