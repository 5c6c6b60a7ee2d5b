import ArgumentParser
import Gallery

@main
struct Chapter5Pretrained: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter5-pretrained")
}
